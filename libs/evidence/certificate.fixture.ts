import type { KeyObject } from 'node:crypto';
import { aRecord, records } from '#libs/ledger/records.fixture.ts';
import type { CertificateFacts } from './certificate-fields.ts';
import { commitmentTo } from './commitment.ts';
import { headMaker } from './head-maker.ts';
import { signHead } from './head.ts';
import { AT, type LogUnderTest } from './log.fixture.ts';
import { anchorOf } from './record-proof.ts';

/** The facts of an erasure of One ID `x`, whose last record is in the log, with a head over it that anchors the certificate. */
export async function erasureFacts(log: LogUnderTest, privateKey: KeyObject, salt: string): Promise<CertificateFacts> {
  await log.ledger.append('oneId-x', 'none', records(9));
  const destroyed = aRecord({ type: 'KeysDestroyed', clear: '{"copies":[],"epoch":4,"keys":12}' });
  await log.ledger.append('erasure-x', 'none', [destroyed]);
  await log.ledger.prune('oneId-x');
  const head = signHead(await headMaker(log.tree, log.ledger)(AT), privateKey);
  const [record] = await log.ledger.readStream('erasure-x');
  return {
    commitment: commitmentTo('x', salt),
    reason: 'member',
    requestedAt: '2026-11-20T10:00:00.000Z',
    destroyedAt: '2026-11-23T10:00:00.000Z',
    issuedAt: '2026-11-24T10:00:00.000Z',
    epoch: 4,
    keysDestroyed: 12,
    destroyed: [{ what: 'palm signatures', how: 'their keys' }],
    copies: [
      {
        name: 'here',
        medium: 'SSD',
        proves: 'the key’s blocks were overwritten; cells kept by the drive are not shown',
      },
    ],
    retiredCopies: [],
    kept: [{ what: 'amounts, dates, merchant', basis: 'tax law', until: '2036-12-31' }],
    subscribers: {
      acknowledged: [{ subscriber: 'loyalty', at: AT }],
      overdue: [{ subscriber: 'mail', dueBy: AT }],
    },
    recordsPruned: 9,
    anchor: await anchorOf(log.tree, log.ledger, record!, head),
  };
}

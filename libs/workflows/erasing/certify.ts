import type { ErasureEvent } from '#libs/domain/erasure/events.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { issueCertificate } from '#libs/evidence/certificate.ts';
import type { CertificateFacts } from '#libs/evidence/certificate-fields.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { loadErasure } from '#libs/use-cases/erasure/about.ts';
import type { WorkflowDeps } from '../deps.ts';
import { DESTROYED, KEPT } from './kept.ts';
import { inWords, whatOverwritingProves } from './media.ts';
import { recordStep } from './record.ts';

/** The signed statement of what was done, from the erasure's own events; the last of them is the anchor in the log. */
export async function certify(deps: WorkflowDeps, erasure: string): Promise<void> {
  const records: StoredRecord[] = [];
  for await (const record of readWhole(deps.ledger, erasure)) records.push(record);
  const { state } = await loadErasure(deps, erasure.slice('erasure-'.length));
  const destroyed = clearIn(records, 'KeysDestroyed');
  const facts: CertificateFacts = {
    commitment: state.about.commitment,
    reason: state.about.reason,
    requestedAt: state.startedAt,
    destroyedAt: recordOf(records, 'KeysDestroyed').recordedAt,
    issuedAt: isoNow(deps.clock),
    epoch: destroyed.epoch,
    keysDestroyed: destroyed.keys,
    destroyed: [...DESTROYED],
    copies: destroyed.copies.map(({ name, medium }) => {
      return { name: inWords(name), medium: inWords(medium), proves: whatOverwritingProves(medium) };
    }),
    retiredCopies: await retiredCopies(deps, destroyed.copies),
    kept: [...KEPT],
    subscribers: subscribersIn(records),
    recordsPruned: clearIn(records, 'StreamPruned').records,
    anchor: await deps.anchor(recordOf(records, 'ErasureKeyDestroyed')),
  };
  const certificate = issueCertificate(facts, deps.keys.evidence.privateKey).toString('utf8');
  await recordStep(deps, erasure, { type: 'CertifyErasure', certificate });
}

type Clear<Type extends ErasureEvent['type']> = Extract<ErasureEvent, { type: Type }>['clear'];

function recordOf(records: readonly StoredRecord[], type: ErasureEvent['type']): StoredRecord {
  const found = records.find((record) => record.type === type);
  if (found === undefined) throw new Error(`an erasure is certified after ${type}`);
  return found;
}

function clearIn<Type extends ErasureEvent['type']>(records: readonly StoredRecord[], type: Type): Clear<Type> {
  return clearOf(recordOf(records, type)) as Clear<Type>;
}

/** Who acknowledged after the last day did acknowledge. */
function subscribersIn(records: readonly StoredRecord[]): CertificateFacts['subscribers'] {
  const acknowledged = records
    .filter(({ type }) => type === 'SubscriberAcknowledged')
    .map((record) => ({ subscriber: clearOf(record)['subscriber'] as string, at: record.recordedAt }));
  const { subscribers, acknowledgeBy } = clearIn(records, 'TombstonesPublished');
  const silent = subscribers.filter((one) => !acknowledged.some(({ subscriber }) => subscriber === one));
  return { acknowledged, overdue: silent.map((subscriber) => ({ subscriber, dueBy: acknowledgeBy })) };
}

/** Those that were given up and have not taken this destruction. */
async function retiredCopies(
  { keyring }: WorkflowDeps,
  took: Clear<'KeysDestroyed'>['copies'],
): Promise<CertificateFacts['retiredCopies']> {
  const { copies } = await keyring.status();
  return copies.flatMap(({ name, medium, retired }) =>
    retired === undefined || took.some((copy) => copy.name === name)
      ? []
      : [{ name: inWords(name), medium: inWords(medium), retiredAtEpoch: retired.epoch }],
  );
}

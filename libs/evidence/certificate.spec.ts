import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { randomBytes } from 'node:crypto';
import { records } from '#libs/ledger/records.fixture.ts';
import type { CertificateFacts } from './certificate-fields.ts';
import { erasureFacts } from './certificate.fixture.ts';
import { issueCertificate, verifyCertificate } from './certificate.ts';
import { commitsTo } from './commitment.ts';
import { EvidenceInvalid } from './errors.ts';
import { aKey, aLog, eachByteMutated, type LogUnderTest } from './log.fixture.ts';
import { signBody } from './signing.ts';

const { privateKey, publicKey } = aKey();
const salt = randomBytes(32).toString('base64url');
let log: LogUnderTest;
let facts: CertificateFacts;
let file: Buffer;

beforeAll(async () => {
  log = await aLog();
  facts = await erasureFacts(log, privateKey, salt);
  file = issueCertificate(facts, privateKey);
});
afterAll(() => log.end());

/** A certificate with something changed and signed anew by the right key: only what it says can be wrong. */
function resigned(change: (body: Record<string, unknown>) => void): Buffer {
  const { certificate } = JSON.parse(file.toString()) as { certificate: Record<string, unknown> };
  change(certificate);
  const signature = signBody('palmledger erasure certificate 1', certificate, privateKey);
  return Buffer.from(canonicalize({ certificate, signature })!);
}

describe('an erasure certificate', () => {
  it('verifies with the public key alone, and says what was issued', () => {
    expect(verifyCertificate(file, publicKey)).toEqual({ ...facts, format: 'palmledger erasure certificate 1' });
  });

  it('names no One ID, but whoever has the receipt can tell whose it is', () => {
    const { commitment } = verifyCertificate(file, publicKey);
    expect(commitsTo(commitment, 'x', salt)).toBe(true);
    expect(commitsTo(commitment, 'y', salt)).toBe(false);
    expect(commitsTo(commitment, 'x', randomBytes(32).toString('base64url'))).toBe(false);
  });

  it('fails with another key', () => {
    expect(() => verifyCertificate(file, aKey().publicKey)).toThrow(EvidenceInvalid);
  });

  it('fails with each of its bytes mutated, missing, or followed by another', () => {
    for (const mutated of eachByteMutated(file))
      expect(() => verifyCertificate(mutated, publicKey)).toThrow(EvidenceInvalid);
    for (let at = 0; at < file.length; at++) {
      const cut = Buffer.concat([file.subarray(0, at), file.subarray(at + 1)]);
      expect(() => verifyCertificate(cut, publicKey)).toThrow(EvidenceInvalid);
    }
    for (const more of ['\n', ' ', '\0', '{}'])
      expect(() => verifyCertificate(Buffer.concat([file, Buffer.from(more)]), publicKey)).toThrow(EvidenceInvalid);
  });

  it('fails where it is the same JSON in another form', () => {
    const pretty = Buffer.from(JSON.stringify(JSON.parse(file.toString()), null, 1));
    expect(() => verifyCertificate(pretty, publicKey)).toThrow('canonical');
    const twice = Buffer.from(file.toString().replace('"epoch":4', '"epoch":5,"epoch":4'));
    expect(() => verifyCertificate(twice, publicKey)).toThrow('canonical');
  });

  it('fails with a field missing, unknown, or of another kind, whoever signed it', () => {
    expect(
      verifyCertificate(
        resigned(() => undefined),
        publicKey,
      ).epoch,
    ).toBe(4);
    for (const name of Object.keys(facts)) {
      const less = resigned((body) => delete body[name]);
      expect(() => verifyCertificate(less, publicKey)).toThrow(EvidenceInvalid);
      const other = resigned((body) => (body[name] = true));
      expect(() => verifyCertificate(other, publicKey)).toThrow(EvidenceInvalid);
    }
    expect(() =>
      verifyCertificate(
        resigned((body) => (body.more = 1)),
        publicKey,
      ),
    ).toThrow(EvidenceInvalid);
  });

  it('fails where the record is not in the log of the head, or was another', () => {
    type Body = { anchor: { leafIndex: string; record: { clear: string }; proof: string[] } };
    const wrong = (change: (anchor: Body['anchor']) => void) => () =>
      verifyCertificate(
        resigned((body) => change((body as Body).anchor)),
        publicKey,
      );
    expect(wrong((anchor) => (anchor.leafIndex = '8'))).toThrow('in the log');
    expect(wrong((anchor) => (anchor.record.clear = '{"copies":[],"epoch":4,"keys":99}'))).toThrow('in the log');
    expect(wrong((anchor) => anchor.proof.pop())).toThrow('in the log');
  });

  it('is not issued over facts that do not fit together', () => {
    const late = { ...facts, requestedAt: '2027-01-01T00:00:00.000Z' };
    expect(() => issueCertificate(late, privateKey)).toThrow('order of the times');
    expect(() => issueCertificate(facts, aKey().privateKey)).toThrow('signature of the head');
  });

  it('still verifies after the log has grown and the erasure’s own stream was pruned', async () => {
    await log.ledger.append('visit-a', 'none', records(20));
    await log.ledger.prune('erasure-x');
    expect(verifyCertificate(file, publicKey).recordsPruned).toBe(9);
  });
});

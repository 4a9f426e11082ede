import { signedHeadFields } from './head.ts';
import { count, digest, fields, large, list, oneOf, signature, text, time, words, type Shaped } from './shape.ts';

export const CERTIFICATE = 'palmledger erasure certificate 1';

/** A record of the ledger whose leaf the certificate shows to be in the log: its fields, and of its sealed part the digest. */
const recordFields = fields({
  stream: words,
  id: text(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  type: words,
  version: count,
  recordedAt: time,
  actor: oneOf('member', 'device', 'merchant', 'auditor', 'admin', 'system', 'service'),
  /** Canonical JSON of the clear fields, as stored. */
  clear: text(/^[^\p{Cc}]{2,100000}$/u),
  /** SHA-256 of the sealed part; lower-case hex. */
  sealedDigest: text(/^[0-9a-f]{64}$/),
});

/** docs/certificate.md says the same in words. */
export const bodyFields = fields({
  format: oneOf(CERTIFICATE),
  /** SHA-256 over salt and One ID (commitment.ts); whoever has the receipt has the salt. */
  commitment: digest,
  reason: oneOf('member', 'admin', 'unused', 'lapsed', 'consent-withdrawn', 'service-closed'),
  requestedAt: time,
  destroyedAt: time,
  issuedAt: time,
  /** The keyring's destruction that took the keys, and how many went. */
  epoch: count,
  keysDestroyed: count,
  /** What can no longer be had, and how it went. */
  destroyed: list(fields({ what: words, how: words })),
  /** Every copy of the keyring that took the destruction, its medium, and what overwriting proves there. */
  copies: list(fields({ name: words, medium: words, proves: words })),
  /** Copies given up by two admins before: they did not take it, and may still hold the keys. */
  retiredCopies: list(fields({ name: words, medium: words, retiredAtEpoch: count })),
  /** What the law keeps, without the person. */
  kept: list(fields({ what: words, basis: words, until: words })),
  subscribers: fields({
    acknowledged: list(fields({ subscriber: words, at: time })),
    overdue: list(fields({ subscriber: words, dueBy: time })),
  }),
  recordsPruned: count,
  /** A record of the erasure, in the log that the head speaks for. */
  anchor: fields({ record: recordFields, leafIndex: large, proof: list(digest), head: signedHeadFields }),
});

export const certificateFields = fields({ certificate: bodyFields, signature });

export type CertificateBody = Readonly<Shaped<typeof bodyFields>>;
export type CertificateFacts = Omit<CertificateBody, 'format'>;

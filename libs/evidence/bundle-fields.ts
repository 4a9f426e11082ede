import { signedHeadFields } from './head.ts';
import {
  count,
  digest,
  fields,
  large,
  list,
  oneOf,
  signature,
  text,
  time,
  words,
  type Shape,
  type Shaped,
} from './shape.ts';

export const BUNDLE = 'palmledger evidence bundle 1';

/** What a bundle is of: one stream, or everything from a position of the ledger to another, both inclusive. */
const streamFields = fields({ stream: words });
const spanFields = fields({ from: large, to: large });

/** An event as it is stored. `sealed` is base64url: ciphertext, or empty. */
const eventFields = fields({
  stream: words,
  id: text(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  type: words,
  version: count,
  recordedAt: time,
  actor: oneOf('member', 'device', 'merchant', 'auditor', 'admin', 'system', 'service'),
  clear: text(/^[^\p{Cc}]{2,2000000}$/u),
  sealed: text(/^[A-Za-z0-9_-]*$/),
});

/** The lines of a bundle in their order: the first, heads, leaves, the last. docs/auditors.md says the same in words. */
export const firstLine = fields({
  bundle: fields({
    format: oneOf(BUNDLE),
    /** Raw Ed25519; base64url. */
    publicKey: digest,
    madeAt: time,
    of: ((value, where) =>
      typeof value === 'object' && value !== null && 'stream' in value
        ? streamFields(value, where)
        : spanFields(value, where)) satisfies Shape<{ stream: string } | { from: string; to: string }>,
  }),
});
/** Proof from the head before; empty for the first. */
export const headLine = fields({ head: signedHeadFields, consistency: list(digest) });
/** Proofs are for the last head. */
export const eventLine = fields({ event: eventFields, leafIndex: large, proof: list(digest) });
/** A leaf whose record is not there any more. */
export const prunedLine = fields({ pruned: digest, leafIndex: large, proof: list(digest) });
export const lastLine = fields({
  end: fields({
    heads: count,
    events: count,
    pruned: count,
    /** SHA-256 over every byte before this line; base64url. */
    digest,
  }),
  signature,
});

export type BundleOf = Shaped<typeof firstLine>['bundle']['of'];
export type EventLine = Shaped<typeof eventLine>;
export type PrunedLine = Shaped<typeof prunedLine>;

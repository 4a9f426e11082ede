import canonicalize from 'canonicalize';
import type { KeyObject } from 'node:crypto';
import { EvidenceInvalid } from './errors.ts';
import { digest, fields, large, oneOf, parseCanonical, signature, time, type Shaped } from './shape.ts';
import { isSignedBy, signBody } from './signing.ts';

const HEAD = 'palmledger tree head 1';

const headFields = fields({
  format: oneOf(HEAD),
  /** How many leaves it speaks for; decimal. */
  treeSize: large,
  /** RFC 9162 root over them; base64url. */
  root: digest,
  /** The ledger's position of the last of them; decimal. */
  position: large,
  /** Digest of the set of those whose records were pruned (pruned-digest.ts); base64url. */
  pruned: digest,
  /** When; ISO 8601, UTC, milliseconds. */
  at: time,
});
export const signedHeadFields = fields({ head: headFields, signature });

/** What the log was at a time. */
export type TreeHead = Readonly<Shaped<typeof headFields>>;
export type SignedHead = Readonly<Shaped<typeof signedHeadFields>>;

/** A head without its format, as whoever makes one gives it. */
export interface HeadFacts {
  readonly treeSize: bigint;
  readonly root: Uint8Array;
  readonly position: bigint;
  readonly pruned: Uint8Array;
  readonly at: string;
}

export function treeHead({ treeSize, root, position, pruned, at }: HeadFacts): TreeHead {
  const head = {
    format: HEAD,
    treeSize: String(treeSize),
    root: base64url(root),
    position: String(position),
    pruned: base64url(pruned),
    at,
  };
  return headFields(head, 'head');
}

/** The head with its signature, as canonical JSON: what stands in HeadSigned and goes to witnesses. */
export function signHead(head: TreeHead, key: KeyObject): string {
  return canonicalize({ head, signature: signBody(HEAD, head, key) })!;
}

/** The head, if the key signed exactly this text; else `EvidenceInvalid`. */
export function verifyHead(signed: string, key: KeyObject): TreeHead {
  return checkSignedHead(parseCanonical(signed, signedHeadFields, 'head'), key);
}

/** The same for a head within another document. */
export function checkSignedHead({ head, signature }: SignedHead, key: KeyObject): TreeHead {
  if (!isSignedBy(HEAD, head, signature, key)) throw new EvidenceInvalid('the signature of the head');
  return head;
}

/** A signed head as a part of another document. */
export function parseSignedHead(signed: string): SignedHead {
  return parseCanonical(signed, signedHeadFields, 'head');
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

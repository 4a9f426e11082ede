import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { leafHash } from '#libs/ledger/leaf.ts';
import {
  BUNDLE,
  eventLine,
  firstLine,
  headLine,
  lastLine,
  prunedLine,
  type BundleOf,
  type EventLine,
  type PrunedLine,
} from './bundle-fields.ts';
import { EvidenceInvalid } from './errors.ts';
import { checkSignedHead, type TreeHead } from './head.ts';
import { verifyConsistency, verifyInclusion } from './merkle.ts';
import { parseCanonical } from './shape.ts';
import { isSignedBy } from './signing.ts';

/** What a bundle shows, once it is verified. */
export interface BundleFacts {
  /** Who signed: raw Ed25519, base64url. Without a key of one's own, this is what has to be compared. */
  readonly publicKey: string;
  readonly madeAt: string;
  readonly of: BundleOf;
  /** From the first that speaks for the first event to the last, which speaks for all of them. */
  readonly heads: readonly TreeHead[];
  readonly events: number;
  /** Leaves of a span whose records were removed. */
  readonly pruned: number;
}

/** Verifies line by line; each without its line feed. Throws `EvidenceInvalid` at the first thing that does not hold. */
export interface BundleChecker {
  line(text: string): void;
  end(): BundleFacts;
}

/**
 * Verifies a bundle from its bytes alone: every head signed and extending the one before, every event in the log of the last,
 * nothing left out of a span, the whole signed. Throws `EvidenceInvalid`. Without a key it is the one that the bundle names.
 */
export function verifyBundle(file: Uint8Array, publicKey?: KeyObject): BundleFacts {
  const checker = bundleChecker(publicKey);
  const rest = eachLine(Buffer.from(file), (text) => checker.line(text));
  if (rest.length > 0) throw new EvidenceInvalid('the bundle ends within a line');
  return checker.end();
}

/** The same for a bundle of any size, chunk by chunk. */
export async function verifyBundleStream(
  chunks: AsyncIterable<Uint8Array>,
  publicKey?: KeyObject,
): Promise<BundleFacts> {
  const checker = bundleChecker(publicKey);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) rest = eachLine(Buffer.concat([rest, chunk]), (text) => checker.line(text));
  if (rest.length > 0) throw new EvidenceInvalid('the bundle ends within a line');
  return checker.end();
}

export function bundleChecker(trusted?: KeyObject): BundleChecker {
  const digest = createHash('sha256');
  const heads: TreeHead[] = [];
  let begun: { key: KeyObject; publicKey: string; madeAt: string; of: BundleOf } | undefined;
  let lastLeaf: bigint | undefined;
  let [events, pruned] = [0, 0];
  let ended = false;

  function first(text: string): void {
    const { bundle } = parseCanonical(text, firstLine, 'the first line');
    const { publicKey, madeAt, of } = bundle;
    if (trusted !== undefined && trusted.export({ format: 'jwk' }).x !== publicKey)
      throw new EvidenceInvalid('the bundle is of another key');
    const key = trusted ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
    begun = { key, publicKey, madeAt, of };
  }

  function head(text: string, key: KeyObject): void {
    const { head: signed, consistency } = parseCanonical(text, headLine, 'a head');
    if (lastLeaf !== undefined) throw new EvidenceInvalid('a head after the events');
    const next = checkSignedHead(signed, key);
    const before = heads.at(-1);
    if (before === undefined ? consistency.length > 0 : !extendsHead(before, next, consistency))
      throw new EvidenceInvalid('a head that does not extend the one before');
    heads.push(next);
  }

  /** In the log of the last head, after the leaf before; within a span right after it. */
  function leaf(hash: Uint8Array, { leafIndex, proof }: EventLine | PrunedLine, of: BundleOf): void {
    const last = heads.at(-1);
    if (last === undefined) throw new EvidenceInvalid('an event without a head');
    const index = BigInt(leafIndex);
    const follows = lastLeaf === undefined || ('stream' in of ? index > lastLeaf : index === lastLeaf + 1n);
    if (!follows) throw new EvidenceInvalid('the order of the leaves, or one is left out');
    if (!verifyInclusion(hash, index, BigInt(last.treeSize), proof.map(bytes), bytes(last.root)))
      throw new EvidenceInvalid(`the proof that leaf ${leafIndex} is in the log`);
    lastLeaf = index;
  }

  function event(text: string, of: BundleOf): void {
    const line = parseCanonical(text, eventLine, 'an event');
    const { stream, sealed, ...fields } = line.event;
    if ('stream' in of && of.stream !== stream) throw new EvidenceInvalid('an event of another stream');
    leaf(leafHash(stream, { ...fields, sealed: bytes(sealed) }), line, of);
    events += 1;
  }

  function removed(text: string, of: BundleOf): void {
    const line = parseCanonical(text, prunedLine, 'a pruned leaf');
    if ('stream' in of) throw new EvidenceInvalid('a leaf without an event');
    leaf(bytes(line.pruned), line, of);
    pruned += 1;
  }

  function last(text: string, key: KeyObject): void {
    const { end, signature } = parseCanonical(text, lastLine, 'the last line');
    if (!isSignedBy(BUNDLE, end, signature, key)) throw new EvidenceInvalid('the signature of the bundle');
    if (end.digest !== digest.copy().digest('base64url')) throw new EvidenceInvalid('the digest of the bundle');
    if (end.heads !== heads.length || end.events !== events || end.pruned !== pruned)
      throw new EvidenceInvalid('the bundle has not as many lines as it says');
    ended = true;
  }

  return {
    line: (text) => {
      if (ended) throw new EvidenceInvalid('something after the end of the bundle');
      if (begun === undefined) first(text);
      else if (text.startsWith('{"consistency":')) head(text, begun.key);
      else if (text.startsWith('{"event":')) event(text, begun.of);
      else if (text.startsWith('{"leafIndex":')) removed(text, begun.of);
      else last(text, begun.key);
      digest.update(`${text}\n`, 'utf8');
    },
    end: () => {
      if (begun === undefined || !ended) throw new EvidenceInvalid('the bundle has no end');
      const { publicKey, madeAt, of } = begun;
      return { publicKey, madeAt, of, heads, events, pruned };
    },
  };
}

function extendsHead(before: TreeHead, next: TreeHead, consistency: readonly string[]): boolean {
  const [first, second] = [BigInt(before.treeSize), BigInt(next.treeSize)];
  const [from, to] = [bytes(before.root), bytes(next.root)];
  return before.at <= next.at && verifyConsistency(first, second, from, to, consistency.map(bytes));
}

/** Gives what is left after the last line feed. Strict UTF-8. */
function eachLine(buffer: Buffer, take: (text: string) => void): Buffer {
  let from = 0;
  for (let to = buffer.indexOf(10); to >= 0; to = buffer.indexOf(10, from)) {
    take(decoded(buffer.subarray(from, to)));
    from = to + 1;
  }
  return buffer.subarray(from);
}

function decoded(line: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch (error) {
    throw new EvidenceInvalid('the bundle is not UTF-8', { cause: error });
  }
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

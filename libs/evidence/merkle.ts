import { hash } from 'node:crypto';

/** The Merkle tree of RFC 9162, section 2.1, over SHA-256. Leaves are given by their leaf hashes (leaf.ts of the ledger). */

/** Gives the hash of the complete subtree over leaves `index * 2^level` up to, not including, `(index + 1) * 2^level`. */
export type Nodes = (level: number, index: bigint) => Buffer;

const NODE = Buffer.of(1);

export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

/** The hash that stands for the first `size` leaves. */
export function rootOf(size: bigint, nodes: Nodes): Buffer {
  return size === 0n ? EMPTY_ROOT : rangeHash(0n, size, nodes);
}

/** Shows that leaf `index` is in the tree of `size` leaves: the siblings from the leaf up. */
export function inclusionProof(index: bigint, size: bigint, nodes: Nodes): Buffer[] {
  if (index < 0n || index >= size) throw new RangeError('no such leaf in a tree of this size');
  const path = (start: bigint, end: bigint): Buffer[] => {
    if (end - start === 1n) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...path(start, middle), rangeHash(middle, end, nodes)]
      : [...path(middle, end), rangeHash(start, middle, nodes)];
  };
  return path(0n, size);
}

/** Shows that the tree of `second` leaves begins with the tree of `first`. */
export function consistencyProof(first: bigint, second: bigint, nodes: Nodes): Buffer[] {
  if (first < 0n || first > second) throw new RangeError('a tree extends only a smaller one');
  if (first === 0n || first === second) return [];
  const subproof = (start: bigint, end: bigint, whole: boolean): Buffer[] => {
    if (end === first) return whole ? [] : [rangeHash(start, end, nodes)];
    const middle = start + splitOf(end - start);
    return first <= middle
      ? [...subproof(start, middle, whole), rangeHash(middle, end, nodes)]
      : [...subproof(middle, end, false), rangeHash(start, middle, nodes)];
  };
  return subproof(0n, second, true);
}

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (index < 0n || index >= size) return false;
  let place = index;
  let last = size - 1n;
  let computed: Uint8Array = leaf;
  for (const sibling of proof) {
    if (last === 0n) return false;
    if ((place & 1n) === 1n || place === last) {
      computed = nodeHash(sibling, computed);
      while ((place & 1n) === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else computed = nodeHash(computed, sibling);
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n && same(computed, root);
}

/** RFC 9162, 2.1.4.2. An empty tree is the beginning of every other. */
export function verifyConsistency(
  first: bigint,
  second: bigint,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (first < 0n || first > second) return false;
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (first === 0n) return proof.length === 0 && same(firstRoot, EMPTY_ROOT);
  const [begin, ...rest] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  if (begin === undefined) return false;
  let place = first - 1n;
  let last = second - 1n;
  while ((place & 1n) === 1n) [place, last] = [place >> 1n, last >> 1n];
  let [ofFirst, ofSecond]: [Uint8Array, Uint8Array] = [begin, begin];
  for (const sibling of rest) {
    if (last === 0n) return false;
    if ((place & 1n) === 1n || place === last) {
      [ofFirst, ofSecond] = [nodeHash(sibling, ofFirst), nodeHash(sibling, ofSecond)];
      while ((place & 1n) === 0n && place !== 0n) [place, last] = [place >> 1n, last >> 1n];
    } else ofSecond = nodeHash(ofSecond, sibling);
    [place, last] = [place >> 1n, last >> 1n];
  }
  return last === 0n && same(ofFirst, firstRoot) && same(ofSecond, secondRoot);
}

/** A range as the tree has it: it starts at a multiple of the power of two that holds it. */
function rangeHash(start: bigint, end: bigint, nodes: Nodes): Buffer {
  const size = end - start;
  if (isPowerOfTwo(size)) return nodes(levelOf(size), start / size);
  const middle = start + splitOf(size);
  return nodeHash(rangeHash(start, middle, nodes), rangeHash(middle, end, nodes));
}

/** The largest power of two below a size of two or more. */
function splitOf(size: bigint): bigint {
  return 1n << BigInt(levelOf(size - 1n));
}

function levelOf(size: bigint): number {
  return size.toString(2).length - 1;
}

function isPowerOfTwo(size: bigint): boolean {
  return (size & (size - 1n)) === 0n;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

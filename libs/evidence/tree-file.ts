import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { TreeDamaged } from './errors.ts';
import { growingRoot, type GrowingRoot, type Subtree } from './growing-root.ts';
import { consistencyProof, inclusionProof, rootOf, verifyConsistency, verifyInclusion, type Nodes } from './merkle.ts';

const HASH_BYTES = 32;

/** A Merkle tree that only grows. Its proofs are checked before they are given out: `TreeDamaged`, never a proof that fails. */
export interface Tree {
  size(): bigint;
  append(leaves: readonly Uint8Array[]): void;
  leaf(index: bigint): Buffer;
  /** Of the first `size` leaves; of all without it. */
  root(size?: bigint): Buffer;
  inclusionProof(index: bigint, size: bigint): Buffer[];
  consistencyProof(first: bigint, second: bigint): Buffer[];
  /** Back to nothing, to be filled anew from the log of leaves. */
  clear(): void;
  close(): void;
}

/**
 * The tree in one file that is only appended to: each leaf's hash, and right after it the hash of each larger subtree that it completes.
 * So a place in the file follows from level and index, an append costs two hashes a leaf, and a proof some dozens of short reads.
 * It is not synced: whatever it lacks or got wrong is in the ledger's log of leaves.
 */
export function openTreeFile(file: string): Tree {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
  const fd = openSync(file, 'r+');
  let size = sizeFrom(fstatSync(fd).size / HASH_BYTES);
  ftruncateSync(fd, storedFor(size) * HASH_BYTES);
  let growing: GrowingRoot = growingRoot(edgeOf(size, nodes));

  function nodes(level: number, index: bigint): Buffer {
    const hash = Buffer.allocUnsafe(HASH_BYTES);
    const read = readSync(fd, hash, 0, HASH_BYTES, placeOf(level, index) * HASH_BYTES);
    if (read !== HASH_BYTES) throw new TreeDamaged('its file is cut');
    return hash;
  }

  function within(wanted: bigint): bigint {
    if (wanted < 0n || wanted > size) throw new RangeError('the tree is not as large as that');
    return wanted;
  }

  const root = (wanted: bigint): Buffer => (wanted === size ? growing.root() : rootOf(within(wanted), nodes));
  return {
    size: () => size,
    append: (leaves) => {
      const complete = leaves.flatMap((leaf) => growing.add(leaf));
      writeSync(fd, Buffer.concat(complete), 0, complete.length * HASH_BYTES, storedFor(size) * HASH_BYTES);
      size += BigInt(leaves.length);
    },
    leaf: (index) => nodes(0, index),
    root: (wanted = size) => root(wanted),
    inclusionProof: (index, wanted) => {
      const proof = inclusionProof(index, within(wanted), nodes);
      if (verifyInclusion(nodes(0, index), index, wanted, proof, root(wanted))) return proof;
      throw new TreeDamaged('a proof of inclusion does not hold');
    },
    consistencyProof: (first, second) => {
      const proof = consistencyProof(first, within(second), nodes);
      if (verifyConsistency(first, second, root(first), root(second), proof)) return proof;
      throw new TreeDamaged('a proof of consistency does not hold');
    },
    clear: () => {
      ftruncateSync(fd, 0);
      size = 0n;
      growing = growingRoot();
    },
    close: () => closeSync(fd),
  };
}

/** The complete subtrees that a tree of this size consists of. */
function edgeOf(size: bigint, nodes: Nodes): Subtree[] {
  const edge: Subtree[] = [];
  let start = 0n;
  for (let level = size.toString(2).length - 1; level >= 0; level--) {
    const leaves = 1n << BigInt(level);
    if ((size & leaves) === 0n) continue;
    edge.push({ level, hash: nodes(level, start / leaves) });
    start += leaves;
  }
  return edge;
}

/** Where a subtree's hash stands: right after the one of its right half. */
function placeOf(level: number, index: bigint): number {
  const lastLeaf = ((index + 1n) << BigInt(level)) - 1n;
  return storedFor(lastLeaf) + level;
}

/** How many hashes a tree of this size has in the file: its leaves and its complete larger subtrees. */
function storedFor(size: bigint): number {
  let stored = 0n;
  for (let left = size; left > 0n; left >>= 1n) stored += left;
  return Number(stored);
}

/** The largest tree that this many hashes are enough for. */
function sizeFrom(stored: number): bigint {
  let [low, high] = [0n, BigInt(Math.floor(stored))];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (storedFor(middle) <= stored) low = middle;
    else high = middle - 1n;
  }
  return low;
}

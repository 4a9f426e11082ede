import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { growingRoot } from './growing-root.ts';
import { consistencyProof, inclusionProof, rootOf, verifyConsistency, verifyInclusion, type Nodes } from './merkle.ts';

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (data: Uint8Array) => sha256(Buffer.of(0), data);

/** RFC 9162, 2.1.1, word for word. */
function naive(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), naive(leaves.slice(0, k)), naive(leaves.slice(k)));
}

const nodesOf =
  (leaves: readonly Buffer[]): Nodes =>
  (level, index) =>
    naive(leaves.slice(Number(index) << level, (Number(index) + 1) << level));
const leavesOf = (size: number) => Array.from({ length: size }, (_, n) => leafOf(Buffer.from(`leaf ${n}`)));
const altered = (hash: Buffer, bit: number) => {
  const other = Buffer.from(hash);
  other[(bit >> 3) % 32]! ^= 1 << (bit & 7);
  return other;
};

describe('the Merkle tree', () => {
  it('has the roots of the published test vectors', () => {
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const leaves = data.map((hex) => leafOf(Buffer.from(hex, 'hex')));
    const root = (size: number) => rootOf(BigInt(size), nodesOf(leaves)).toString('hex');
    expect(root(0)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(root(1)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(root(3)).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77');
    expect(root(8)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  it('has the naive root, however it is made', () => {
    for (let size = 0; size <= 70; size++) {
      const leaves = leavesOf(size);
      const growing = growingRoot();
      leaves.forEach((leaf) => growing.add(leaf));
      expect(growing.root()).toEqual(naive(leaves));
      expect(rootOf(BigInt(size), nodesOf(leaves))).toEqual(naive(leaves));
    }
  });

  it('proves each leaf, and nothing else by the same proof', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.nat(), fc.nat(), fc.nat(), (size, pick, other, bit) => {
        const leaves = leavesOf(size);
        const [index, root] = [pick % size, naive(leaves)];
        const proof = inclusionProof(BigInt(index), BigInt(size), nodesOf(leaves));
        const verify = (leaf = leaves[index]!, at = index, of = size, by = proof, top = root) =>
          verifyInclusion(leaf, BigInt(at), BigInt(of), by, top);
        expect(verify()).toBe(true);
        expect(verify(altered(leaves[index]!, bit))).toBe(false);
        expect(verify(undefined, undefined, undefined, undefined, altered(root, bit))).toBe(false);
        if (other % size !== index) expect(verify(undefined, other % size)).toBe(false);
        expect(verify(undefined, size)).toBe(false);
        expect(verify(undefined, undefined, undefined, [...proof, root])).toBe(false);
        if (proof.length > 0) {
          const at = other % proof.length;
          expect(verify(undefined, undefined, undefined, proof.toSpliced(at, 1))).toBe(false);
          expect(verify(undefined, undefined, undefined, proof.with(at, altered(proof[at]!, bit)))).toBe(false);
        }
      }),
    );
  });

  it('proves that it extends each earlier one, and no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.nat(), fc.nat(), (second, pick, bit) => {
        const leaves = leavesOf(second);
        const first = pick % (second + 1);
        const [old, now] = [naive(leaves.slice(0, first)), naive(leaves)];
        const proof = consistencyProof(BigInt(first), BigInt(second), nodesOf(leaves));
        const verify = (from = old, to = now, by = proof) =>
          verifyConsistency(BigInt(first), BigInt(second), from, to, by);
        expect(verify()).toBe(true);
        expect(verify(altered(old, bit))).toBe(false);
        if (first > 0) expect(verify(old, altered(now, bit))).toBe(false);
        expect(verify(old, now, [...proof, now])).toBe(false);
        if (proof.length > 0) {
          expect(verify(old, now, proof.slice(1))).toBe(false);
          expect(verify(old, now, proof.with(0, altered(proof[0]!, bit)))).toBe(false);
        }
      }),
    );
  });

  it('refuses to prove what is not there', () => {
    const nodes = nodesOf(leavesOf(4));
    expect(() => inclusionProof(4n, 4n, nodes)).toThrow(RangeError);
    expect(() => consistencyProof(5n, 4n, nodes)).toThrow(RangeError);
  });
});

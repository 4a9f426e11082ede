import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type * as Crypto from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const crypto = createRequire(import.meta.url)('node:crypto') as typeof Crypto;
let hashes = 0;
// Every node hash goes through this one function: counted, costs are the same on every machine.
jest.unstable_mockModule('node:crypto', () => ({
  ...crypto,
  hash: (...args: Parameters<typeof Crypto.hash>) => {
    hashes += 1;
    return crypto.hash(...args);
  },
}));
const { openTreeFile } = await import('./tree-file.ts');
const { rebuild } = await import('./catch-up.ts');

const SIZES = [1_000, 10_000, 100_000];
const leaves = Array.from({ length: SIZES.at(-1)! }, (_, n) => crypto.createHash('sha256').update(`${n}`).digest());
const log = (size: number) => ({
  size: async () => BigInt(size),
  leaves: async (from: bigint, limit: number) =>
    leaves.slice(Number(from), Math.min(Number(from) + limit, size)).map((hash, at) => {
      return { index: from + BigInt(at), position: from + BigInt(at) + 1n, hash };
    }),
});

let folder: string;
const trees: Record<number, ReturnType<typeof openTreeFile>> = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'costs-'));
  for (const size of SIZES) {
    trees[size] = openTreeFile(join(folder, `${size}`));
    trees[size].append(leaves.slice(0, size - 100));
  }
});
afterAll(() => {
  for (const tree of Object.values(trees)) tree.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  hashes = 0;
});
const counted = (work: () => unknown): number => {
  const before = hashes;
  work();
  return hashes - before;
};

describe('The cost of evidence, in node hashes', () => {
  it('of an append is flat: a hundred leaves cost about a hundred, whatever the tree’s size', () => {
    for (const size of SIZES) {
      const cost = counted(() => {
        for (const leaf of leaves.slice(size - 100, size)) trees[size]!.append([leaf]);
      });
      expect(cost).toBeGreaterThan(80);
      expect(cost).toBeLessThan(100 + Math.log2(size));
    }
  });

  it('of a root and of a proof is logarithmic', () => {
    for (const size of SIZES) {
      const [tree, most] = [trees[size]!, Math.ceil(Math.log2(size))];
      expect(counted(() => tree.root())).toBeLessThanOrEqual(most);
      for (const at of [0, 1, size >> 1, size - 2, size - 1]) {
        // The proof, and that it was verified before it was given out.
        expect(counted(() => tree.inclusionProof(BigInt(at), BigInt(size)))).toBeLessThanOrEqual(3 * most);
        expect(counted(() => tree.consistencyProof(BigInt(at), BigInt(size)))).toBeLessThanOrEqual(6 * most);
        expect(tree.inclusionProof(BigInt(at), BigInt(size)).length).toBeLessThanOrEqual(most);
        expect(tree.consistencyProof(BigInt(at), BigInt(size)).length).toBeLessThanOrEqual(most + 1);
      }
    }
  });

  it('of opening a tree is logarithmic', () => {
    for (const size of SIZES) {
      trees[size]!.close();
      expect(counted(() => (trees[size] = openTreeFile(join(folder, `${size}`))))).toBeLessThanOrEqual(Math.log2(size));
    }
  });

  it('of a rebuild is one a leaf, with its progress told', async () => {
    const size = 10_000;
    const told: string[] = [];
    const before = hashes;
    await rebuild(trees[size]!, log(size), (done, of) => told.push(`${done}/${of}`));
    expect(hashes - before).toBeLessThan(size);
    expect(told).toHaveLength(10);
    expect(told.at(-1)).toBe('10000/10000');
    expect(trees[size]!.size()).toBe(10_000n);
  });
});

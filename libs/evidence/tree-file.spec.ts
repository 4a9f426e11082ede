import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { records } from '#libs/ledger/records.fixture.ts';
import { catchUp, rebuild } from './catch-up.ts';
import { TreeDamaged } from './errors.ts';
import { growingRoot } from './growing-root.ts';
import { aLog, type LogUnderTest } from './log.fixture.ts';
import { verifyConsistency, verifyInclusion } from './merkle.ts';
import { openTreeFile } from './tree-file.ts';

const leavesOf = (size: number) =>
  Array.from({ length: size }, (_, n) => createHash('sha256').update(`leaf ${n}`).digest());
const rootOf = (leaves: readonly Buffer[]) => {
  const growing = growingRoot();
  leaves.forEach((leaf) => growing.add(leaf));
  return growing.root();
};

let log: LogUnderTest;
let file: string;
beforeEach(async () => {
  log = await aLog();
  file = join(log.folder, 'other', 'tree');
});
afterEach(() => log.end());

describe('the tree in a file', () => {
  it('has the root and the proofs of its leaves, however they came and wherever it was opened again', () => {
    const leaves = leavesOf(300);
    let cuts = 0;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 }), (batches) => {
        const name = `${file}-${++cuts}`;
        let size = 0;
        for (const batch of batches) {
          const tree = openTreeFile(name);
          tree.append(leaves.slice(size, (size += batch)));
          tree.close();
        }
        const tree = openTreeFile(name);
        expect(tree.size()).toBe(BigInt(size));
        expect(tree.root()).toEqual(rootOf(leaves.slice(0, size)));
        for (const [index, leaf] of leaves.slice(0, size).entries()) {
          const proof = tree.inclusionProof(BigInt(index), BigInt(size));
          expect(verifyInclusion(leaf, BigInt(index), BigInt(size), proof, tree.root())).toBe(true);
          const first = BigInt(index);
          const consistency = tree.consistencyProof(first, BigInt(size));
          expect(verifyConsistency(first, BigInt(size), tree.root(first), tree.root(), consistency)).toBe(true);
        }
        tree.close();
      }),
      { numRuns: 25 },
    );
  });

  it('drops what was written half, and goes on', () => {
    const leaves = leavesOf(50);
    const tree = openTreeFile(file);
    tree.append(leaves.slice(0, 21));
    tree.close();
    truncateSync(file, readFileSync(file).length - 5);
    const cut = openTreeFile(file);
    expect(cut.size()).toBe(20n);
    cut.append(leaves.slice(20));
    expect(cut.root()).toEqual(rootOf(leaves));
    cut.close();
    appendFileSync(file, Buffer.alloc(7));
    const torn = openTreeFile(file);
    expect(torn.root()).toEqual(rootOf(leaves));
    torn.close();
  });

  it('refuses a tree larger than it is', () => {
    const tree = openTreeFile(file);
    tree.append(leavesOf(3));
    expect(() => tree.root(4n)).toThrow(RangeError);
    expect(() => tree.inclusionProof(3n, 3n)).toThrow(RangeError);
    expect(() => tree.consistencyProof(2n, 4n)).toThrow(RangeError);
    tree.close();
  });
});

describe('the tree over a ledger', () => {
  it('follows it, and is rebuilt from it to the same root', async () => {
    await log.ledger.append('visit-a', 'none', records(10));
    await catchUp(log.tree, log.ledger);
    await log.ledger.append('visit-b', 'none', records(5));
    await log.ledger.prune('visit-a');
    await catchUp(log.tree, log.ledger);
    expect(log.tree.size()).toBe(15n);
    const root = log.tree.root();
    await rebuild(log.tree, log.ledger);
    expect(log.tree.root()).toEqual(root);
  });

  it('notices a ledger that has lost leaves, or has others', async () => {
    await log.ledger.append('visit-a', 'none', records(10));
    log.tree.append(leavesOf(10));
    await expect(catchUp(log.tree, log.ledger)).rejects.toBeInstanceOf(TreeDamaged);
    log.tree.append(leavesOf(1));
    await expect(catchUp(log.tree, log.ledger)).rejects.toThrow('the ledger has fewer');
    await rebuild(log.tree, log.ledger);
    expect(log.tree.size()).toBe(10n);
  });

  it('gives no root that differs unnoticed where its file was altered', async () => {
    await log.ledger.append('visit-a', 'none', records(16));
    await catchUp(log.tree, log.ledger);
    const good = log.tree.root();
    const bytes = readFileSync(log.treeFile);
    bytes[32 * 2 + 3]! ^= 1;
    writeFileSync(log.treeFile, bytes);
    expect(() => log.tree.inclusionProof(2n, 16n)).toThrow(TreeDamaged);
    expect(() => log.tree.consistencyProof(3n, 16n)).toThrow(TreeDamaged);
    await rebuild(log.tree, log.ledger);
    expect(log.tree.root()).toEqual(good);
    expect(log.tree.inclusionProof(0n, 16n)).toHaveLength(4);
  });
});

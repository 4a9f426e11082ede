import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { verifyHead } from '#libs/evidence/head.ts';
import { verifyConsistency, verifyInclusion } from '#libs/evidence/merkle.ts';
import { openTreeFile, type Tree } from '#libs/evidence/tree-file.ts';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import { registerMerchant } from '../party/merchant.ts';
import { evidenceOf, type Evidence } from './sign-head.ts';

const admin = { kind: 'admin', principal: 'a'.repeat(26) } as const;

let town: Town;
let tree: Tree;
let evidence: Evidence;
beforeEach(async () => {
  town = await openTown();
  tree = openTreeFile(join(town.house.folder, 'tree'));
  evidence = evidenceOf(town.deps, tree, town.house.parts.ledger);
});
afterEach(async () => {
  tree.close();
  await town.close();
});

async function something(): Promise<void> {
  await registerMerchant(town.deps, {
    caller: admin,
    request: asked(admin),
    name: 'M',
    country: 'CH',
    currency: 'CHF',
  });
}
const headOf = (signed: string) => verifyHead(signed, town.deps.keys.evidence.publicKey);

describe('Signing heads', () => {
  it('given nothing new, gives the last one; given something new, one that extends it', async () => {
    expect(await evidence.latest()).toBeUndefined();
    await something();
    const first = await evidence.sign();
    expect(await evidence.sign()).toBe(first);
    await something();
    const second = await evidence.sign();
    const [a, b] = [headOf(first), headOf(second)];
    const proof = await evidence.consistency(BigInt(a.treeSize), BigInt(b.treeSize));
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    expect(
      verifyConsistency(BigInt(a.treeSize), BigInt(b.treeSize), bytes(a.root), bytes(b.root), proof.map(bytes)),
    ).toBe(true);
    await expect(evidence.consistency(0n, 1_000n)).rejects.toThrow(RangeError);
  });

  it('given many at once, and two who sign, writes one head for each state', async () => {
    const other = evidenceOf(town.deps, openTreeFile(join(town.house.folder, 'other')), town.house.parts.ledger);
    await something();
    const signed = new Set(await Promise.all([evidence.sign(), evidence.sign(), other.sign(), evidence.sign()]));
    expect(signed.size).toBe(1);
    expect(await other.latest()).toBe(await evidence.latest());
  });

  it('given a record, shows that it is in the log of a head, also after a restart', async () => {
    await something();
    const { records } = await town.deps.ledger.readAll({ after: 0n, limit: 1, types: ['MerchantRegistered'] });
    const { leafIndex, proof, head } = await evidence.anchor(records[0]!);
    const after = evidenceOf(town.deps, tree, town.house.parts.ledger);
    expect(await after.anchor(records[0]!)).toEqual({ ...(await evidence.anchor(records[0]!)) });
    const bytes = (text: string) => Buffer.from(text, 'base64url');
    const { treeSize, root } = head.head;
    expect(verifyInclusion(records[0]!.leaf, BigInt(leafIndex), BigInt(treeSize), proof.map(bytes), bytes(root))).toBe(
      true,
    );
  });
});

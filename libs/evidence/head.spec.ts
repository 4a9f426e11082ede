import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { records } from '#libs/ledger/records.fixture.ts';
import { EvidenceInvalid, TreeDamaged } from './errors.ts';
import { headMaker } from './head-maker.ts';
import { base64url, signHead, treeHead, verifyHead } from './head.ts';
import { aKey, aLog, AT, eachByteMutated, type LogUnderTest } from './log.fixture.ts';
import { mapPages, prunedDigest } from './pruned-digest.ts';
import { verifyLog } from './verify-log.ts';

const { privateKey, publicKey } = aKey();
let log: LogUnderTest;
beforeEach(async () => {
  log = await aLog();
});
afterEach(() => log.end());

const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();

describe('a signed head', () => {
  const head = treeHead({ treeSize: 7n, root: sha256(), position: 21n, pruned: sha256(), at: AT });

  it('verifies with the public key, to what was signed', () => {
    expect(verifyHead(signHead(head, privateKey), publicKey)).toEqual(head);
  });

  it('fails with another key, and with each byte mutated', () => {
    const signed = signHead(head, privateKey);
    expect(() => verifyHead(signed, aKey().publicKey)).toThrow(EvidenceInvalid);
    for (const mutated of eachByteMutated(Buffer.from(signed)))
      expect(() => verifyHead(mutated.toString('utf8'), publicKey)).toThrow(EvidenceInvalid);
    expect(() => verifyHead(` ${signed}`, publicKey)).toThrow(EvidenceInvalid);
    expect(() => verifyHead(signed.replace('{"head":{', '{"head":{"aa":1,'), publicKey)).toThrow(EvidenceInvalid);
  });
});

describe('the digest of pruned leaves', () => {
  it('is a tree over a map of bits', async () => {
    const page = (...indexes: number[]) => {
      const bytes = Buffer.alloc(1024);
      for (const index of indexes) bytes[index >> 3]! |= 1 << (index & 7);
      return sha256(Buffer.of(0), bytes);
    };
    const node = (left: Buffer, right: Buffer) => sha256(Buffer.of(1), left, right);
    expect(await prunedDigest(0n, [])).toEqual(sha256());
    expect(await prunedDigest(100n, [0n, 9n, 99n, 100n])).toEqual(page(0, 9, 99));
    const two = 8192n * 2n;
    expect(await prunedDigest(two + 5n, [1n, two + 4n])).toEqual(node(node(page(1), page()), page(4)));
    expect([0n, 1n, 8192n, 8193n].map(mapPages)).toEqual([0n, 1n, 1n, 2n]);
  });
});

describe('a head made from a log', () => {
  it('says how many, under which root, up to where, and which were pruned', async () => {
    const make = headMaker(log.tree, log.ledger);
    expect(await make(AT)).toMatchObject({ treeSize: '0', position: '0', root: base64url(sha256()) });
    await log.ledger.append('visit-a', 'none', records(3));
    const { position } = await log.ledger.append('oneId-b', 'none', records(2));
    const before = await make(AT);
    expect(before).toMatchObject({
      treeSize: '5',
      position: String(position),
      pruned: base64url(await prunedDigest(5n, [])),
    });
    await log.ledger.prune('oneId-b');
    const after = await make(AT);
    expect(after).toEqual({ ...before, pruned: base64url(await prunedDigest(5n, [3n, 4n])) });
    await log.ledger.append('visit-a', 2n, records(1));
    expect(await make(AT)).toMatchObject({ treeSize: '6', pruned: after.pruned });
  });

  it('is not made where the log does not begin with the last head’s', async () => {
    const make = headMaker(log.tree, log.ledger);
    await log.ledger.append('visit-a', 'none', records(6));
    const last = await make(AT);
    await log.ledger.append('visit-a', 5n, records(5));
    expect(await make(AT, last)).toMatchObject({ treeSize: '11' });
    await expect(make(AT, { ...last, root: last.pruned })).rejects.toBeInstanceOf(TreeDamaged);
    await expect(make(AT, { ...last, treeSize: '12' })).rejects.toBeInstanceOf(TreeDamaged);
  });

  it('is what the whole log is verified against', async () => {
    const make = headMaker(log.tree, log.ledger);
    for (let number = 0; number < 40; number++) await log.ledger.append(`oneId-${number}`, 'none', records(30));
    const early = await make(AT);
    for (const number of [0, 7, 21, 39]) await log.ledger.prune(`oneId-${number}`);
    const late = await make(AT);
    await log.ledger.append('visit-a', 'none', records(3));
    await verifyLog(log.ledger, log.ledger, late);
    await expect(verifyLog(log.ledger, log.ledger, early)).rejects.toThrow('not those that were pruned');
    const other = { ...late, root: early.pruned };
    await expect(verifyLog(log.ledger, log.ledger, other)).rejects.toThrow('root');
    await expect(verifyLog(log.ledger, log.ledger, { ...late, treeSize: '5000' })).rejects.toThrow('5000');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, type KeyObject } from 'node:crypto';
import { EvidenceInvalid, HeadRefused } from './errors.ts';
import { signHead, treeHead } from './head.ts';
import { aKey, aLog, AT, type LogUnderTest } from './log.fixture.ts';
import type { Witness } from './witness.ts';

/** What every witness does. `start` gives a new one for a log's public key, each time with the same memory for the same folder. */
export function witnessContract(name: string, start: (folder: string, publicKey: KeyObject) => Witness): void {
  describe(`${name} as a witness`, () => {
    const { privateKey, publicKey } = aKey();
    let log: LogUnderTest;
    let witness: Witness;
    beforeEach(async () => {
      log = await aLog();
      witness = start(log.folder, publicKey);
      log.tree.append(Array.from({ length: 20 }, (_, n) => createHash('sha256').update(`${n}`).digest()));
    });
    afterEach(() => log.end());

    const signed = (size: bigint, at = AT, root = log.tree.root(size)) =>
      signHead(treeHead({ treeSize: size, root, position: size * 3n, pruned: root, at }), privateKey);

    it('takes the first head, then each that extends the last, also after it was started anew', async () => {
      expect(await witness.last()).toBeUndefined();
      await witness.witness(signed(5n), []);
      await witness.witness(signed(12n), log.tree.consistencyProof(5n, 12n));
      witness = start(log.folder, publicKey);
      expect(await witness.last()).toBe(signed(12n));
      await witness.witness(signed(12n), []);
      await witness.witness(signed(20n), log.tree.consistencyProof(12n, 20n));
      expect(await witness.last()).toBe(signed(20n));
    });

    it('refuses a shorter log, another one, and a proof for another', async () => {
      await witness.witness(signed(12n), []);
      const other = createHash('sha256').update('other').digest();
      const proof = log.tree.consistencyProof(12n, 20n);
      await expect(witness.witness(signed(5n), [])).rejects.toBeInstanceOf(HeadRefused);
      await expect(witness.witness(signed(12n, AT, other), [])).rejects.toBeInstanceOf(HeadRefused);
      await expect(witness.witness(signed(20n, AT, other), proof)).rejects.toBeInstanceOf(HeadRefused);
      await expect(witness.witness(signed(20n), proof.slice(1))).rejects.toBeInstanceOf(HeadRefused);
      await expect(witness.witness(signed(20n, '2020-01-01T00:00:00.000Z'), proof)).rejects.toBeInstanceOf(HeadRefused);
      expect(await witness.last()).toBe(signed(12n));
    });

    it('takes only what the key signed', async () => {
      const head = treeHead({ treeSize: 5n, root: log.tree.root(5n), position: 1n, pruned: log.tree.root(5n), at: AT });
      await expect(witness.witness(signHead(head, aKey().privateKey), [])).rejects.toBeInstanceOf(EvidenceInvalid);
      expect(await witness.last()).toBeUndefined();
    });

    it('begins anew with an older head where two accept the loss, and says from then on', async () => {
      const by = ['admin-1', 'admin-2'] as const;
      await witness.witness(signed(12n), []);
      for (const one of [
        ['admin-1', 'admin-1'],
        ['', 'admin-1'],
        ['admin-1', ''],
      ] as const)
        await expect(witness.beginAnew(signed(5n), { by: one, at: AT })).rejects.toBeInstanceOf(HeadRefused);
      expect(await witness.last()).toBe(signed(12n));
      await witness.beginAnew(signed(5n), { by, at: AT });
      expect(await witness.last()).toBe(signed(5n));
      await witness.witness(signed(20n), log.tree.consistencyProof(5n, 20n));
      await expect(witness.witness(signed(12n), [])).rejects.toBeInstanceOf(HeadRefused);
      const head = treeHead({ treeSize: 5n, root: log.tree.root(5n), position: 1n, pruned: log.tree.root(5n), at: AT });
      const foreign = signHead(head, aKey().privateKey);
      await expect(witness.beginAnew(foreign, { by, at: AT })).rejects.toBeInstanceOf(EvidenceInvalid);
    });

    it('takes one of two that fork at once', async () => {
      await witness.witness(signed(12n), []);
      const fork = signed(12n, AT, createHash('sha256').update('fork').digest());
      const both = await Promise.allSettled([
        witness.witness(signed(20n), log.tree.consistencyProof(12n, 20n)),
        witness.witness(fork, []),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    });
  });
}

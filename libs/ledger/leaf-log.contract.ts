import { describe, expect, it } from '@jest/globals';
import { leafHash } from './leaf.ts';
import type { LeafLog, Ledger } from './port.ts';
import { records } from './records.fixture.ts';

/** What every log of leaves does. `start` opens an empty one. */
export function leafLogContract(
  name: string,
  start: () => Promise<{ ledger: Ledger & LeafLog; end(): Promise<void> }>,
): void {
  describe(`${name} as a log of leaves`, () => {
    const within = (test: (ledger: Ledger & LeafLog) => Promise<void>) => async () => {
      const started = await start();
      await test(started.ledger).finally(() => started.end());
    };

    it(
      'has a leaf for each record, in order',
      within(async (ledger) => {
        const [a, b, c] = [records(2), records(1), records(1)];
        await ledger.append('visit-a', 'none', a);
        await ledger.append('visit-b', 'none', b);
        await ledger.append('claim-1', 'none', records(1), { keepUntil: '2026-11-27T15:00:00.000Z' });
        const { position } = await ledger.append('visit-a', 1n, c);
        expect(await ledger.size()).toBe(4n);
        const leaves = await ledger.leaves(0n, 10);
        const expected = [
          ...a.map((r) => leafHash('visit-a', r)),
          leafHash('visit-b', b[0]!),
          leafHash('visit-a', c[0]!),
        ];
        expect(leaves.map(({ hash }) => Buffer.from(hash).toString('hex'))).toEqual(
          expected.map((hash) => hash.toString('hex')),
        );
        expect(leaves.map(({ index }) => index)).toEqual([0n, 1n, 2n, 3n]);
        expect(leaves[3]!.position).toBe(position);
        expect((await ledger.leaves(2n, 1)).map(({ index }) => index)).toEqual([2n]);
        expect(await ledger.leaves(4n, 1)).toEqual([]);
        expect(await ledger.leafIndexOf('visit-a', c[0]!.id)).toBe(3n);
        expect(await ledger.leafIndexOf('visit-b', c[0]!.id)).toBeUndefined();
      }),
    );

    it(
      'keeps the leaves of pruned records, and says which they are',
      within(async (ledger) => {
        for (const stream of ['oneId-a', 'oneId-b', 'oneId-c']) await ledger.append(stream, 'none', records(2));
        await ledger.append('oneId-a', 1n, records(1));
        const before = await ledger.leaves(0n, 100);
        await ledger.prune('oneId-a');
        await ledger.prune('oneId-c');
        expect(await ledger.leaves(0n, 100)).toEqual(before);
        expect(await ledger.leaves(1n, 3)).toEqual(before.slice(1, 4));
        expect(await ledger.size()).toBe(7n);
        expect(await ledger.prunedCount()).toBe(5n);
        expect(await ledger.prunedLeaves(0n, 100)).toEqual([0n, 1n, 4n, 5n, 6n]);
        expect(await ledger.prunedLeaves(1n, 2)).toEqual([1n, 4n]);
        await ledger.append('oneId-d', 'none', records(1));
        expect((await ledger.leaves(7n, 5)).map(({ index }) => index)).toEqual([7n]);
      }),
    );
  });
}

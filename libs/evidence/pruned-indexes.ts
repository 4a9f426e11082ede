import { setImmediate } from 'node:timers/promises';
import type { LeafLog } from '#libs/ledger/port.ts';

const PAGE = 5000;

/** All pruned leaves' indexes, rising. */
export async function* prunedIndexes(log: Pick<LeafLog, 'prunedLeaves'>): AsyncGenerator<bigint> {
  for (let from = 0n; ;) {
    const page = await log.prunedLeaves(from, PAGE);
    if (page.length === 0) return;
    yield* page;
    from = page.at(-1)! + 1n;
    // Others have their turn.
    await setImmediate();
  }
}

import type { Ledger } from '#libs/ledger/port.ts';

const PAGE = 500;

/**
 * Whether an erasure may have pruned a stream after this position: one says that it did, or one had destroyed its keys and had not
 * come to say so when the process ended.
 */
export async function pruningsExplained(ledger: Pick<Ledger, 'readAll'>, position: bigint): Promise<boolean> {
  const unfinished = new Set<string>();
  for (let after = 0n; ;) {
    const types = ['KeysDestroyed', 'StreamPruned'];
    const { records, next } = await ledger.readAll({ after, limit: PAGE, types });
    for (const record of records) {
      if (record.type === 'KeysDestroyed') unfinished.add(record.stream);
      else if (record.position > position) return true;
      else unfinished.delete(record.stream);
    }
    if (next === after) return unfinished.size > 0;
    after = next;
  }
}

import type { Found } from './read-ledger.ts';

/**
 * How many purchases the order of records in an earlier copy ties to a One ID's stream, without any key: each use of a One ID opens
 * on its stream right before the purchase begins.
 */
export function tiedByOrder(records: readonly Found[], oneId: string, hers: readonly string[]): number {
  const inOrder = [...records].sort((a, b) => a.position - b.position);
  const guessed = new Set<string>();
  inOrder.forEach(({ stream, type, clear }, at) => {
    if (stream !== oneId || type !== 'TransactionOpened' || !clear.includes('"payment"')) return;
    const next = inOrder.slice(at + 1).find((record) => record.type === 'PaymentRequested');
    if (next !== undefined) guessed.add(next.stream);
  });
  return hers.filter((purchase) => guessed.has(purchase)).length;
}

/** How many purchases begin right behind a place of the ledger that is empty today: they are an erased person's, not known whose. */
export function besideGaps(records: readonly Found[], pruned: readonly number[], hers: readonly string[]): number {
  const gaps = new Set(pruned);
  const taken = new Set(records.map(({ position }) => position));
  const first = new Map<string, number>();
  for (const { stream, position } of records) first.set(stream, Math.min(first.get(stream) ?? Infinity, position));
  return hers.filter((purchase) => {
    for (let at = (first.get(purchase) ?? 0) - 1; at > 0; at -= 1) {
      if (gaps.has(at)) return true;
      if (taken.has(at)) return false;
    }
    return false;
  }).length;
}

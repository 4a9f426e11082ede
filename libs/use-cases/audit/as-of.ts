import { Refused } from '#libs/domain/refused.ts';
import type { Ledger } from '#libs/ledger/port.ts';

/** A moment (ISO 8601) or a ledger position; neither: now. */
export interface AsOf {
  readonly at?: string | undefined;
  readonly position?: bigint | undefined;
}

/**
 * The ledger position that an answer is as of. A moment stands for everything before the first record that is later than it,
 * found by halving the ledger's order: where a clock was set back, records of that step may fall on either side, which is
 * why the answer names its position. Throws `position-ahead` for what is not there yet.
 */
export async function positionAsOf(ledger: Pick<Ledger, 'readAll' | 'head'>, { at, position }: AsOf): Promise<bigint> {
  const head = await ledger.head();
  if (position !== undefined) {
    if (position <= head) return position;
    throw new Refused('position-ahead', 'The ledger is not that far.', 'invalid');
  }
  if (at === undefined) return head;
  const moment = new Date(at).toISOString();
  let [low, high] = [0n, head];
  while (low < high) {
    const middle = (low + high) / 2n;
    const [next] = (await ledger.readAll({ after: middle, limit: 1 })).records;
    if (next === undefined || next.recordedAt > moment) high = middle;
    else low = middle + 1n;
  }
  return low;
}

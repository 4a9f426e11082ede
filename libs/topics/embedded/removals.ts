import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import type { Topic } from '../port.ts';

/** An erasure tells with this that a person's records, the tombstone's among them, are out of the ledger. */
export const REMOVED = 'StreamPruned';
/** Comes before the tombstone, and so before the removal. */
const BEFORE_TOMBSTONE = 'KeysDestroyed';

/** Topics whose records may be removed from the ledger. All others stay whole. */
export const nameOneIds = (topics: readonly Topic[]): boolean =>
  topics.some((topic) => topic === 'one-ids' || topic === 'one-id-changes');

/** Whether somebody's records were removed after this position, so that a tombstone may have been missed. */
export async function removedSince(ledger: Pick<Ledger, 'readAll'>, position: bigint): Promise<boolean> {
  for (let after = position; ;) {
    const { records, next } = await ledger.readAll({ after, limit: 1, types: [REMOVED] });
    if (records.length > 0) return true;
    if (next === after) return false;
    after = next;
  }
}

/**
 * Whether the records may have been removed before `registered`, the ledger's head when the consumer came: from then on
 * removals waited for it. The tombstone stands between KeysDestroyed and StreamPruned of its erasure.
 */
export async function mayPrecede(
  ledger: Pick<Ledger, 'readStream'>,
  removal: StoredRecord,
  registered: bigint,
): Promise<boolean> {
  let next = 0n;
  for (;;) {
    const page = await ledger.readStream(removal.stream, { from: next });
    const found = page.find(({ type }) => type === BEFORE_TOMBSTONE);
    if (found !== undefined) return found.position <= registered;
    const last = page.at(-1);
    if (last === undefined) return true;
    next = last.revision + 1n;
  }
}

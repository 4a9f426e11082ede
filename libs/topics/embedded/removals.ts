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

export const noneMissed = async (_records: readonly StoredRecord[]): Promise<boolean> => false;

/** Whether one of these tells of a removal that may have been under way at `registered`. */
export async function removalUnderWay(
  ledger: Pick<Ledger, 'readStream'>,
  records: readonly StoredRecord[],
  registered: bigint,
): Promise<boolean> {
  for (const record of records) {
    if (record.type !== REMOVED || record.position <= registered) continue;
    if (await mayPrecede(ledger, record, registered)) return true;
  }
  return false;
}

/**
 * Whether the records may have been removed before `registered`, the ledger's head when the consumer came: from then on
 * removals waited for it. The tombstone stands between KeysDestroyed and StreamPruned of its erasure.
 */
async function mayPrecede(
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

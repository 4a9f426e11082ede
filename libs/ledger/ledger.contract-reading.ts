import type { Ledger, ReadAllOptions, StoredRecord, SubscribeOptions } from './port.ts';

/** Everything after a position, page by page. */
export async function readAllOf(ledger: Ledger, options: ReadAllOptions): Promise<StoredRecord[]> {
  const found: StoredRecord[] = [];
  for (let after = options.after; ;) {
    const { records, next } = await ledger.readAll({ ...options, after });
    found.push(...records);
    if (next === after) return found;
    after = next;
  }
}

/** What a subscription tells until it is enough. `each` is part of its onRecords. */
export async function readUntil(
  ledger: Ledger,
  options: Omit<SubscribeOptions, 'signal'>,
  enough: (records: readonly StoredRecord[], passed: bigint) => boolean,
  each: () => Promise<void> = async () => undefined,
): Promise<{ records: StoredRecord[]; passed: bigint[] }> {
  const stop = new AbortController();
  const told: StoredRecord[] = [];
  const all: bigint[] = [];
  await ledger.subscribe({ ...options, signal: stop.signal }, async (records, passed) => {
    told.push(...records);
    all.push(passed);
    await each();
    if (enough(told, passed)) stop.abort();
  });
  return { records: told, passed: all };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';

const PAGE = 1_000;

/** All records of these types up to a position, in ledger order, by bounded pages. */
export async function* readTypes(
  ledger: Pick<Ledger, 'readAll'>,
  types: readonly string[],
  upTo: bigint,
): AsyncGenerator<StoredRecord> {
  for (let after = 0n; after < upTo;) {
    const { records, next } = await ledger.readAll({ after, limit: PAGE, types });
    for (const record of records) if (record.position <= upTo) yield record;
    if (next === after) return;
    after = next;
  }
}

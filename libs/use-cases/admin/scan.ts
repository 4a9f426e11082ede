import type { StoredRecord } from '#libs/ledger/port.ts';
import { cursorAt, revisionIn } from '../expenses/cursor.ts';
import type { Deps } from '../deps.ts';

const PAGE = 200;
/** So many records are looked at for one page of an answer, however few of them are asked for. */
const MOST_LOOKED_AT = 1_000;

export interface Scanning {
  /** Names the list: its cursors are good for it alone. */
  readonly list: string;
  /** Who may present its cursors. */
  readonly holder: string;
  readonly types: readonly string[];
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * A list straight from the ledger, in its order, where no view keeps one: what `take` makes of each record of these types,
 * undefined for what does not belong. A page may be short, or empty, and have a next one.
 */
export async function scan<Item>(
  deps: Pick<Deps, 'ledger' | 'keys'>,
  { list, holder, types, limit, cursor }: Scanning,
  take: (record: StoredRecord) => Promise<Item | undefined>,
): Promise<{ items: readonly Item[]; next?: string }> {
  const items: Item[] = [];
  let after = revisionIn(deps, list, holder, cursor) ?? 0n;
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    const { records, next } = await deps.ledger.readAll({ after, limit: PAGE, types });
    for (const record of records) {
      const item = await take(record);
      if (item === undefined) continue;
      items.push(item);
      if (items.length === limit) return { items, next: cursorAt(deps, list, holder, record.position) };
    }
    if (next === after) return { items };
    after = next;
    looked += records.length;
  }
  return { items, next: cursorAt(deps, list, holder, after) };
}

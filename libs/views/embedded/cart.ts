import type { Page, Paging } from '../port.ts';
import type { CartLine, VisitItem } from '../rows.ts';
import { checkedLimit, pageOf, placeAfter } from './paging.ts';
import type { Reader } from './reader.ts';
import { rowOf, type StoredRow } from './stored-row.ts';

/** As many movements as a visit may have (libs/domain/visit). */
const MOST = 1000;

/** What is in the cart, in the order in which it came. */
export async function cartOf(reader: Reader, visit: string, paging: Paging): Promise<Page<CartLine>> {
  const limit = checkedLimit(paging.limit);
  const query = { cart: visit };
  const from = Number(placeAfter(paging, query, 1)?.[0] ?? '0');
  const sql = 'SELECT key, row, member_event, member, crc FROM visit_items WHERE visit = ? ORDER BY key LIMIT ?';
  const stored = reader.read((db) => db(sql).all(visit, MOST) as StoredRow[]);
  const lines = summed(stored.map((one) => rowOf<VisitItem>(one)))
    .map((line, index) => ({ line, index }))
    .filter(({ index }) => index >= from);
  return pageOf(
    lines,
    limit,
    query,
    ({ index }) => [(index + 1).toString()],
    ({ line }) => line,
  );
}

function summed(items: readonly VisitItem[]): CartLine[] {
  const lines = new Map<string, CartLine>();
  for (const { article, unitPrice, quantity } of items) {
    const key = `${unitPrice} ${article}`;
    lines.set(key, { article, unitPrice, quantity: (lines.get(key)?.quantity ?? 0) + quantity });
  }
  return [...lines.values()].filter(({ quantity }) => quantity > 0);
}

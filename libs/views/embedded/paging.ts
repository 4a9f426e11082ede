import { crc32 } from 'node:zlib';
import { InvalidQuery } from '../errors.ts';
import type { Page, Paging } from '../port.ts';

export const LARGEST_PAGE = 500;
const LONGEST_CURSOR = 2048;

export function checkedLimit(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > LARGEST_PAGE) throw new InvalidQuery('limit');
  return limit;
}

/** Where the page before ended: the values of its last row's order, and which query it was. */
export function placeAfter(paging: Paging, query: object, parts: number): readonly string[] | undefined {
  if (paging.after === undefined) return undefined;
  const place = parsed(paging.after);
  if (!Array.isArray(place) || place.length !== parts + 1) throw new InvalidQuery('after');
  const [of, ...values] = place as unknown[];
  if (of !== fingerprint(query) || !values.every((one) => typeof one === 'string')) throw new InvalidQuery('after');
  return values;
}

/** One row more than asked for was read, to know whether there is a next page. */
export function pageOf<Stored, Row>(
  rows: readonly Stored[],
  limit: number,
  query: object,
  order: (row: Stored) => readonly string[],
  row: (row: Stored) => Row,
): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(row);
  if (rows.length <= limit || last === undefined) return { items };
  const place = JSON.stringify([fingerprint(query), ...order(last)]);
  return { items, next: Buffer.from(place).toString('base64url') };
}

function fingerprint(query: object): number {
  return crc32(JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function parsed(text: string): unknown {
  if (text.length > LONGEST_CURSOR) throw new InvalidQuery('after');
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidQuery('after');
  }
}

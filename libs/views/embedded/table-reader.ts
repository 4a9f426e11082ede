import { InvalidQuery } from '../errors.ts';
import type { Page, Paging, Span, Where } from '../port.ts';
import { checkedLimit, LARGEST_PAGE, pageOf, placeAfter } from './paging.ts';
import type { Reader } from './reader.ts';
import { rowOf, type StoredRow } from './stored-row.ts';
import type { Table } from './tables.ts';

type Placed = StoredRow & { readonly at?: string };

/** Rows by their keys, in the order asked for; those unknown are left out. */
export async function byKeys<Row>(reader: Reader, table: Table, keys: readonly string[]): Promise<readonly Row[]> {
  if (keys.length > LARGEST_PAGE) throw new InvalidQuery('too many ids');
  if (keys.length === 0) return [];
  return reader.read((db) => {
    const marks = keys.map(() => '?').join(', ');
    const sql = `SELECT key, row, member_event, member, crc FROM ${table.name} WHERE key IN (${marks})`;
    const found = new Map((db(sql).all(...keys) as StoredRow[]).map((stored) => [stored.key, stored]));
    return keys.flatMap((key) => {
      const stored = found.get(key);
      return stored === undefined ? [] : [rowOf<Row>(stored)];
    });
  });
}

/** Those of a merchant or site within a span, the newest first. */
export async function byPlaceAndTime<Row>(
  reader: Reader,
  table: Table,
  { merchant, site, from, to, limit, after }: Where & Span & Paging,
): Promise<Page<Row>> {
  const query = { table: table.name, merchant, site, from, to };
  requireWhere({ ...(merchant === undefined ? {} : { merchant }), ...(site === undefined ? {} : { site }) });
  const place = placeAfter({ limit, ...(after === undefined ? {} : { after }) }, query, 2);
  const [conditions, values] = conditionsOf([
    ['merchant = ?', merchant],
    ['site = ?', site],
    ['at >= ?', from],
    ['at < ?', to],
  ]);
  return paged<Row>(reader, table, {
    conditions: place === undefined ? conditions : [...conditions, '(at, key) < (?, ?)'],
    values: [...values, ...(place ?? [])],
    order: ['at', 'key'],
    descending: true,
    limit,
    query,
  });
}

/** Those that fit `equal`, by key. */
export async function byKey<Row>(
  reader: Reader,
  table: Table,
  equal: Readonly<Record<string, string | undefined>>,
  paging: Paging,
): Promise<Page<Row>> {
  const query = { table: table.name, ...equal };
  const place = placeAfter(paging, query, 1);
  const wanted = Object.entries(equal).map(([column, value]) => [`${column} = ?`, value] as const);
  const [conditions, values] = conditionsOf([...wanted, ['key > ?', place?.[0]]]);
  return paged<Row>(reader, table, { conditions, values, order: ['key'], limit: paging.limit, query });
}

interface Select {
  readonly conditions: readonly string[];
  readonly values: readonly string[];
  readonly order: readonly ('at' | 'key')[];
  readonly descending?: boolean;
  readonly limit: number;
  readonly query: object;
}

export async function paged<Row>(reader: Reader, table: Table, select: Select): Promise<Page<Row>> {
  const limit = checkedLimit(select.limit);
  const { conditions, values, order, descending = false, query } = select;
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const by = order.map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', ');
  const at = order.includes('at') ? ', at' : '';
  const sql = `SELECT key, row, member_event, member, crc${at} FROM ${table.name} ${where} ORDER BY ${by} LIMIT ?`;
  return reader.read((db) => {
    const rows = db(sql).all(...values, limit + 1) as Placed[];
    return pageOf(
      rows,
      limit,
      query,
      (row) => order.map((column) => row[column] ?? ''),
      (row) => rowOf<Row>(row),
    );
  });
}

/** A site is named within its merchant. */
export function requireWhere({ merchant, site }: Where): void {
  if (site !== undefined && merchant === undefined) throw new InvalidQuery('a site without its merchant');
}

export function conditionsOf(
  wanted: readonly (readonly [condition: string, value: string | undefined])[],
): readonly [conditions: string[], values: string[]] {
  const given = wanted.filter((one): one is [string, string] => one[1] !== undefined);
  return [given.map(([condition]) => condition), given.map(([, value]) => value)];
}

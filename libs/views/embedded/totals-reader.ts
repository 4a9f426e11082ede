import { InvalidQuery } from '../errors.ts';
import type { Page, Paging, Where } from '../port.ts';
import type { DayTotal } from '../rows.ts';
import { placeAfter } from './paging.ts';
import type { Reader } from './reader.ts';
import { paged, requireWhere } from './table-reader.ts';
import { tables } from './tables.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
type Query = Where & { readonly fromDay: string; readonly toDay: string } & Paging;

/** Keys are merchant, site, day, currency; so within a place their order is that of the days. */
export async function totalsOf(reader: Reader, query: Query): Promise<Page<DayTotal>> {
  const { merchant = '', site = '', fromDay, toDay, limit } = query;
  requireWhere(query);
  if (!DAY.test(fromDay) || !DAY.test(toDay)) throw new InvalidQuery('day');
  const asked = { totals: merchant, site, fromDay, toDay };
  const place = placeAfter(query, asked, 1);
  return paged<DayTotal>(reader, tables.totals, {
    conditions: ['merchant = ?', 'site = ?', 'day >= ?', 'day <= ?', ...(place === undefined ? [] : ['key > ?'])],
    values: [merchant, site, fromDay, toDay, ...(place ?? [])],
    order: ['key'],
    limit,
    query: asked,
  });
}

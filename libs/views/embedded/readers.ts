import { InvalidQuery } from '../errors.ts';
import type { Views } from '../port.ts';
import type {
  CheckRow,
  DeviceRow,
  ErasureRow,
  MerchantRow,
  PrincipalRow,
  PurchaseRow,
  SiteRow,
  SubscriberRow,
  VisitRow,
} from '../rows.ts';
import { cartOf } from './cart.ts';
import { placeAfter } from './paging.ts';
import { parkedReader } from './parked-reader.ts';
import type { Reader } from './reader.ts';
import { byKey, byKeys, byPlaceAndTime, conditionsOf, paged } from './table-reader.ts';
import { joinedKey, tables, type Table } from './tables.ts';
import { totalsOf } from './totals-reader.ts';

type Looked =
  'purchases' | 'visits' | 'checks' | 'devices' | 'merchants' | 'principals' | 'subscribers' | 'erasures' | 'parked';

/** Everything that is looked up in the embedded view. */
export function readersOf(reader: Reader): Pick<Views, Looked> {
  const one = async <Row>(table: Table, key: string): Promise<Row | undefined> =>
    (await byKeys<Row>(reader, table, [key]))[0];
  return {
    purchases: {
      byPayment: (payments) => byKeys<PurchaseRow>(reader, tables.purchases, payments),
      list: (query) => byPlaceAndTime<PurchaseRow>(reader, tables.purchases, query),
      totals: (query) => totalsOf(reader, query),
    },
    visits: {
      byVisit: (visits) => byKeys<VisitRow>(reader, tables.visits, visits),
      cart: (visit, paging) => cartOf(reader, visit, paging),
      list: (query) => byPlaceAndTime<VisitRow>(reader, tables.visits, query),
    },
    checks: {
      byCheck: (checks) => byKeys<CheckRow>(reader, tables.checks, checks),
      list: (query) => byPlaceAndTime<CheckRow>(reader, tables.checks, query),
    },
    devices: {
      get: (device) => one<DeviceRow>(tables.devices, device),
      list: async ({ merchant, site, ...paging }) => {
        if (site !== undefined && merchant === undefined) throw new InvalidQuery('a site without its merchant');
        return byKey<DeviceRow>(reader, tables.devices, { merchant, site }, paging);
      },
    },
    merchants: {
      get: (merchant) => one<MerchantRow>(tables.merchants, merchant),
      list: (paging) => byKey<MerchantRow>(reader, tables.merchants, {}, paging),
      site: (merchant, site) => one<SiteRow>(tables.sites, joinedKey(merchant, site)),
      sites: ({ merchant, ...paging }) => byKey<SiteRow>(reader, tables.sites, { merchant }, paging),
    },
    principals: {
      get: (principal) => one<PrincipalRow>(tables.principals, principal),
      list: (paging) => byKey<PrincipalRow>(reader, tables.principals, {}, paging),
    },
    subscribers: {
      get: (subscriber) => one<SubscriberRow>(tables.subscribers, subscriber),
      list: (paging) => byKey<SubscriberRow>(reader, tables.subscribers, {}, paging),
    },
    erasures: {
      get: (erasure) => one<ErasureRow>(tables.erasures, erasure),
      list: async ({ over = false, ...paging }) => {
        const query = { table: tables.erasures.name, over };
        const place = placeAfter(paging, query, 2);
        const [conditions, values] = conditionsOf([['over = ?', over ? 'yes' : 'no']]);
        return paged<ErasureRow>(reader, tables.erasures, {
          conditions: place === undefined ? conditions : [...conditions, '(at, key) > (?, ?)'],
          values: [...values, ...(place ?? [])],
          order: ['at', 'key'],
          limit: paging.limit,
          query,
        });
      },
    },
    parked: parkedReader(reader),
  };
}

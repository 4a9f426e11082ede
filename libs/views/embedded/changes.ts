import type Database from 'better-sqlite3';
import type { Change, MerchantRow, PurchaseRow, SiteRow } from '../rows.ts';
import { tableWriter, type NewRow } from './putting.ts';
import { joinedKey, tables } from './tables.ts';
import { totalsWriter } from './totals-writer.ts';

export interface ChangeWriter {
  put(change: Change): void;
  /** To be called after the last put of what is committed, or kept, together; `drop` after what was rolled back. */
  flush(): void;
  drop(): void;
  /** Drops the sealed member wherever the id stands. */
  purge(id: string): void;
}

export function changeWriter(db: Database.Database): ChangeWriter {
  const purged = db.prepare('SELECT 1 FROM purged WHERE id = ?').pluck();
  const rememberPurged = db.prepare('INSERT INTO purged (id) VALUES (?) ON CONFLICT DO NOTHING');
  const isPurged = (key: string): boolean => purged.get(key) !== undefined;
  const writer = {
    purchases: tableWriter(db, tables.purchases, isPurged),
    visits: tableWriter(db, tables.visits, isPurged),
    checks: tableWriter(db, tables.checks, isPurged),
    visitItems: tableWriter(db, tables.visitItems, isPurged),
    devices: tableWriter(db, tables.devices, isPurged),
    merchants: tableWriter(db, tables.merchants, isPurged),
    sites: tableWriter(db, tables.sites, isPurged),
    principals: tableWriter(db, tables.principals, isPurged),
    subscribers: tableWriter(db, tables.subscribers, isPurged),
    erasures: tableWriter(db, tables.erasures, isPurged),
  };
  const totals = totalsWriter(db);

  function putPurchase({ member, ...row }: PurchaseRow): void {
    const { payment: key, merchant, site, requestedAt, sequence } = row;
    const columns = [merchant, site, requestedAt];
    const done = writer.purchases.put<PurchaseRow>({ key, columns, sequence, row, member });
    if (done !== 'kept') totals.moved(done.before, row);
  }

  function putMerchant(row: MerchantRow, sites: readonly SiteRow[]): void {
    const { merchant, sequence } = row;
    if (writer.merchants.put({ key: merchant, columns: [], sequence, row }) === 'kept') return;
    for (const site of sites) {
      writer.sites.put({ key: joinedKey(merchant, site.site), columns: [merchant], sequence, row: site });
    }
  }

  return {
    put: (change) => {
      switch (change.put) {
        case 'purchase':
          return putPurchase(change.row);
        case 'visit': {
          const { member, ...row } = change.row;
          const columns = [row.merchant, row.site, row.startedAt];
          return void writer.visits.put({ key: row.visit, columns, sequence: row.sequence, row, member });
        }
        case 'check': {
          const { member, ...row } = change.row;
          const columns = [row.merchant, row.site, row.at];
          return void writer.checks.put({ key: row.check, columns, sequence: row.sequence, row, member });
        }
        case 'visit-item':
          return void writer.visitItems.put(visitItem(change.row));
        case 'device': {
          const { row } = change;
          const { device: key, merchant, site, sequence } = row;
          return void writer.devices.put({ key, columns: [merchant, site], sequence, row });
        }
        case 'merchant':
          return putMerchant(change.row, change.sites);
        case 'principal': {
          const { row } = change;
          return void writer.principals.put({ key: row.principal, columns: [], sequence: row.sequence, row });
        }
        case 'subscriber': {
          const { row } = change;
          return void writer.subscribers.put({ key: row.subscriber, columns: [], sequence: row.sequence, row });
        }
        case 'erasure': {
          const { row } = change;
          const columns = [row.over ? 'yes' : 'no', row.dueBy];
          return void writer.erasures.put({ key: row.erasure, columns, sequence: row.sequence, row });
        }
      }
    },
    flush: () => totals.flush(),
    drop: () => totals.drop(),
    purge: (id) => {
      rememberPurged.run(id);
      for (const table of [writer.purchases, writer.visits, writer.checks]) table.dropMember(id);
    },
  };
}

/** In the order of the ledger: its positions have 19 digits at most. */
function visitItem(row: Extract<Change, { put: 'visit-item' }>['row']): NewRow {
  const key = joinedKey(row.visit, row.sequence.toString().padStart(19, '0'));
  return { key, columns: [row.visit], sequence: row.sequence, row };
}

import type Database from 'better-sqlite3';
import type { DayTotal, PurchaseRow } from '../rows.ts';
import { checksum, rowOf, rowText, type StoredRow } from './stored-row.ts';
import { joinedKey } from './tables.ts';

type Amounts = Omit<DayTotal, 'day' | 'currency'>;

/** Totals of a site, of its merchant and of all, moved with each purchase, so that asking for them adds up a few days only. */
export interface TotalsWriter {
  moved(before: PurchaseRow | undefined, after: Omit<PurchaseRow, 'member'>): void;
  /** Writes what has moved; once before each commit. */
  flush(): void;
  /** What has moved was rolled back. */
  drop(): void;
}

interface Moved {
  readonly merchant: string;
  readonly site: string;
  readonly day: string;
  readonly currency: string;
  readonly by: Amounts;
}

export function totalsWriter(db: Database.Database): TotalsWriter {
  const select = db.prepare('SELECT key, row, member_event, member, crc FROM totals WHERE key = ?');
  const upsert = db.prepare(
    `INSERT INTO totals (key, merchant, site, day, sequence, row, crc) VALUES (?, ?, ?, ?, 0, ?, ?)
     ON CONFLICT (key) DO UPDATE SET row = excluded.row, crc = excluded.crc`,
  );
  const pending = new Map<string, Moved>();

  function add(merchant: string, site: string, day: string, currency: string, by: Amounts): void {
    const key = joinedKey(merchant, site, day, currency);
    const there = pending.get(key);
    pending.set(key, { merchant, site, day, currency, by: there === undefined ? by : sum(there.by, by) });
  }

  function write(key: string, { merchant, site, day, currency, by }: Moved): void {
    const there = select.get(key) as StoredRow | undefined;
    const was = there === undefined ? { day, currency, ...nothing } : rowOf<DayTotal>(there);
    const row = rowText({ ...was, ...sum(was, by) });
    upsert.run(key, merchant, site, day, row, checksum({ key, row, member: null, member_event: null }));
  }

  return {
    moved: (before, after) => {
      const by = sum(amountsOf(after), before === undefined ? nothing : negative(amountsOf(before)));
      if (Object.values(by).every((one) => one === 0)) return;
      const day = after.requestedAt.slice(0, 10);
      const { merchant, site, currency } = after;
      add(merchant, site, day, currency, by);
      add(merchant, '', day, currency, by);
      add('', '', day, currency, by);
    },
    flush: () => {
      for (const [key, moved] of pending) write(key, moved);
      pending.clear();
    },
    drop: () => pending.clear(),
  };
}

const nothing: Amounts = { payments: 0, captured: 0, refunded: 0, chargedBack: 0 };

/** A payment counts once money has moved. */
function amountsOf({ captured, refunded, chargedBack }: Omit<PurchaseRow, 'member'>): Amounts {
  return { payments: captured > 0 ? 1 : 0, captured, refunded, chargedBack };
}

function sum(a: Amounts, b: Amounts): Amounts {
  return {
    payments: a.payments + b.payments,
    captured: a.captured + b.captured,
    refunded: a.refunded + b.refunded,
    chargedBack: a.chargedBack + b.chargedBack,
  };
}

/** Zero stays zero: there is no minus nought in a total. */
function negative({ payments, captured, refunded, chargedBack }: Amounts): Amounts {
  return { payments: 0 - payments, captured: 0 - captured, refunded: 0 - refunded, chargedBack: 0 - chargedBack };
}

import { LedgerDamaged } from '../errors.ts';
import { readerOf } from './reader.ts';
import { openForReading } from './schema.ts';
import { naming } from './sqlite-errors.ts';

/** Reads a ledger's file once: SQLite's own structure and indexes, then each record against its leaf hash. Throws `LedgerDamaged`. */
export function verifyWhole(file: string): void {
  const db = naming(() => openForReading(file));
  try {
    const found = naming(() => db.pragma('integrity_check(1)', { simple: true }));
    if (found !== 'ok') throw new LedgerDamaged(undefined, 'SQLite finds its file malformed');
    const reader = naming(() => readerOf(db));
    for (let after = 0n; ;) {
      const { next } = reader.readAll({ after, limit: 500 });
      if (next === after) return;
      after = next;
    }
  } finally {
    db.close();
  }
}

import { LedgerDamaged } from '../errors.ts';

/** SQLite's extended result code, or an empty text where it is not SQLite's error. */
export function sqliteCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

export function isFull(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_FULL';
}

export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB' || code === 'SQLITE_IOERR_SHORT_READ';
}

/** Runs a read; what SQLite itself finds broken is damage of the ledger. */
export function naming<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isDamage(error)) throw new LedgerDamaged(undefined, 'SQLite finds its file malformed', { cause: error });
    throw error;
  }
}

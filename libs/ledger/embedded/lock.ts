import Database from 'better-sqlite3';
import { LedgerLocked } from '../errors.ts';
import { sqliteCode } from './sqlite-errors.ts';

/**
 * Takes the folder for this process: an exclusive SQLite lock on a file of its own, which the kernel gives back when the holder dies.
 * Nobody may open and close that file by other means in the holder's process: POSIX would drop the lock.
 */
export function lockFolder(folder: string, file: string): { release(): void } {
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (sqliteCode(error).startsWith('SQLITE_BUSY')) throw new LedgerLocked(folder);
    throw error;
  }
  return {
    release: () => {
      db.exec('ROLLBACK');
      db.close();
    },
  };
}

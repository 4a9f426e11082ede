import { join } from 'node:path';
import Database from 'better-sqlite3';
import { KeyringInUse } from '../errors.ts';

export interface Lock {
  release(): void;
}

/**
 * One holder a folder. The lock is the operating system's own on the file `lock` (taken through SQLite), so it ends with the process,
 * however that ends: there are no stale locks, and process ids of other containers do not matter.
 */
export function lockFolder(folder: string): Lock {
  const file = new Database(join(folder, 'lock'), { timeout: 0 });
  try {
    file.pragma('journal_mode = MEMORY');
    file.exec('BEGIN EXCLUSIVE');
  } catch {
    file.close();
    throw new KeyringInUse(`the keyring in ${folder} is in use by another process: stop that one first`);
  }
  return { release: () => void file.close() };
}

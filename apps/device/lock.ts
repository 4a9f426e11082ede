import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { CannotDo } from '#libs/command-line/run-program.ts';

/**
 * One process at a time is this device: two that send at once look to the service like a device and its clone. The lock is the
 * operating system's own (taken through SQLite), so it ends with the process, however that ends.
 */
export async function whileAlone<T>(deviceFile: string, work: () => Promise<T>): Promise<T> {
  if (!existsSync(dirname(deviceFile))) throw new CannotDo(`the folder of ${deviceFile} does not exist`);
  const lock = taken(`${deviceFile}.lock`);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function taken(path: string): Database.Database {
  const lock = new Database(path, { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    throw new CannotDo(`another process is this device right now (${path})`);
  }
}

import Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '#libs/runtime/ids.ts';
import { hasSchema } from './schema.ts';

const POINTER = 'current';
const NAME = /^[a-z2-7]{26}$/;
/** What can be checked at start without being waited for; a larger file shows damage when it is read. */
const CHECKED_WHOLE = 64 * 1024 * 1024;

/** The folder of the views: one file a generation, and which one is live. Only called at start and at a swap. */
export interface Generations {
  /** The live one; undefined where there is none that can be used: of another schema, damaged, or none at all. */
  live(): string | undefined;
  create(): string;
  file(generation: string): string;
  /** Durable before it returns. */
  makeLive(generation: string): void;
  markDamaged(generation: string): void;
  removeAllBut(generation: string): void;
  remove(generation: string): void;
}

export function generationsIn(folder: string): Generations {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (generation: string): string => join(folder, `${generation}.db`);
  const damaged = (generation: string): string => join(folder, `${generation}.damaged`);

  function remove(generation: string): void {
    for (const end of ['', '-wal', '-shm']) rmSync(file(generation) + end, { force: true });
    rmSync(damaged(generation), { force: true });
  }

  return {
    live: () => {
      const pointer = join(folder, POINTER);
      const name = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : '';
      if (!NAME.test(name) || existsSync(damaged(name))) return undefined;
      return isUsable(file(name)) ? name : undefined;
    },
    create: newId,
    file,
    makeLive: (generation) => {
      const pointer = join(folder, POINTER);
      writeDurably(`${pointer}.new`, generation);
      renameSync(`${pointer}.new`, pointer);
      syncFolder(folder);
    },
    markDamaged: (generation) => writeFileSync(damaged(generation), ''),
    removeAllBut: (generation) => {
      const names = new Set(readdirSync(folder).map((name) => name.split('.')[0] ?? ''));
      for (const name of names) if (NAME.test(name) && name !== generation) remove(name);
    },
    remove,
  };
}

function isUsable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    const db = new Database(path, { fileMustExist: true });
    try {
      if (!hasSchema(db)) return false;
      return statSync(path).size > CHECKED_WHOLE || db.pragma('quick_check(1)', { simple: true }) === 'ok';
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}

function writeDurably(path: string, text: string): void {
  const handle = openSync(path, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

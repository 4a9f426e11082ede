import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupAsked, BackupMade, Backups } from '../backup.ts';
import type { EmbeddedLedger } from './open.ts';

export const LEDGER_FILE = 'ledger.db';
export const HEAD_FILE = 'head.json';
export const MANIFEST_FILE = 'backup.json';
const HALF = '.half';
const TRIES = 5;

/**
 * Backups as folders of one folder, each named by its id: the ledger's file (which holds the leaf hashes of what was pruned),
 * the signed head, and a manifest, written last. A folder is renamed into place once everything in it is synced.
 */
export function folderBackups(folder: string, ledger: EmbeddedLedger): Backups {
  return {
    make: async (asked) => {
      const target = join(folder, asked.id);
      const known = await manifestIn(target);
      if (known !== undefined) return known;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const half = target + HALF;
      await rm(half, { recursive: true, force: true });
      await mkdir(half, { mode: 0o700 });
      const made = await fill(half, ledger, asked);
      await rename(half, target);
      await sync(folder);
      return made;
    },
    list: async () => {
      const names = await readdir(folder).catch(() => []);
      const found = await Promise.all(
        names.filter((name) => !name.endsWith(HALF)).map((name) => manifestIn(join(folder, name))),
      );
      return found.filter((one) => one !== undefined).sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
    },
  };
}

async function fill(half: string, ledger: EmbeddedLedger, asked: BackupAsked): Promise<BackupMade> {
  const file = join(half, LEDGER_FILE);
  const { head, position } = await copy(file, ledger, asked);
  const made: BackupMade = {
    ...{ id: asked.id, madeAt: asked.at, head, position: position.toString() },
    bytes: (await stat(file)).size,
    sha256: await digestOf(file),
  };
  await writeFile(join(half, HEAD_FILE), `${head}\n`, { mode: 0o600 });
  await writeFile(join(half, MANIFEST_FILE), `${JSON.stringify({ format: 1, ...made }, null, 2)}\n`, { mode: 0o600 });
  for (const name of [LEDGER_FILE, HEAD_FILE, MANIFEST_FILE]) await sync(join(half, name));
  await sync(half);
  return made;
}

/** A head signs which leaves were pruned: where something was pruned between head and copy, both are made anew. */
async function copy(
  file: string,
  ledger: EmbeddedLedger,
  { signHead }: BackupAsked,
): Promise<{ head: string; position: bigint }> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await ledger.prunedCount();
    const head = await signHead();
    const position = await ledger.head();
    await rm(file, { force: true });
    await ledger.copyTo(file);
    if ((await ledger.prunedCount()) === before || attempt === TRIES) return { head, position };
  }
}

async function manifestIn(folder: string): Promise<BackupMade | undefined> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { format: _format, ...made } = JSON.parse(text) as BackupMade & { format: number };
  return made;
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

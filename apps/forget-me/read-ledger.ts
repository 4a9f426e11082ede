import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { contextOf } from '#libs/event-codec/codec.ts';
import { unframe } from '#libs/event-codec/sections.ts';

/** A record as whoever holds a ledger's file reads it, without asking the ledger. */
export interface Found {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly position: number;
  readonly clear: string;
  readonly sealed: Buffer;
  readonly leaf: Buffer;
}

/** One ciphertext with what it is bound to. */
export interface Sealed {
  /** The same for the same ciphertext in the same place, whichever copy it was read from. */
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly section: 'data' | 'about';
  readonly ciphertext: Buffer;
  readonly context: string;
}

interface Row extends Omit<Found, 'id'> {
  readonly id: Buffer;
}

const RECORDS = `
SELECT s.name AS stream, r.id, t.name AS type, r.version, r.recorded_at AS recordedAt, r.position, r.clear, r.sealed, r.leaf
  FROM records r JOIN streams s ON s.id = r.stream JOIN types t ON t.id = r.type
UNION ALL
SELECT name, id, type, version, recorded_at, position, clear, sealed, leaf FROM short_lived`;

/** Every record of every ledger file under a folder, backups included, each once. */
export function recordsUnder(folder: string): Found[] {
  const found = new Map<string, Found>();
  for (const file of sqliteFiles(folder).filter((path) => basename(path) === 'ledger.db')) {
    const rows = withDatabase(file, (db) => db.prepare<[], Row>(RECORDS).all());
    for (const row of rows) found.set(`${row.stream} ${row.id.toString('hex')}`, { ...row, id: uuid(row.id) });
  }
  return [...found.values()];
}

/** Positions at which the ledger in use shows that something was removed. */
export function prunedPositions(folder: string): number[] {
  const file = join(folder, 'data', 'ledger', 'ledger.db');
  return withDatabase(file, (db) => db.prepare<[], number>('SELECT position FROM pruned_leaves').pluck().all());
}

export function sealedIn(records: readonly Found[]): Sealed[] {
  return records.flatMap(({ stream, id, type, sealed }) => {
    const sections = Object.entries(unframe(sealed) ?? {}) as ['data' | 'about', Uint8Array][];
    return sections.map(([section, bytes]) => {
      const context = contextOf(stream, id, section);
      const place = createHash('sha256').update(context).update('\0').update(bytes).digest('hex');
      return { id: place, stream, type, section, ciphertext: Buffer.from(bytes), context };
    });
  });
}

export function sqliteFiles(folder: string): string[] {
  const files = globSync('**/*.{db,sqlite}', { cwd: folder }).map((file) => join(folder, file));
  return files.sort((a, b) => relative(folder, a).localeCompare(relative(folder, b)));
}

/** Works on a copy of the copy, since opening a file brings in its log. */
export function withDatabase<T>(file: string, work: (db: Database.Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'palmledger-attack-'));
  try {
    const names = ['', '-wal']
      .map((end) => basename(file) + end)
      .filter((name) => existsSync(join(dirname(file), name)));
    for (const name of names) cpSync(join(dirname(file), name), join(folder, name));
    const db = new Database(join(folder, basename(file)));
    try {
      return work(db);
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

import type Database from 'better-sqlite3';
import { tables, type Table } from './tables.ts';

/** Another number drops every file of an older form; what they held is built anew from the topics. */
export const SCHEMA_VERSION = 1;
const APPLICATION = 0x504c5657; // "PLVW"

/**
 * synchronous=NORMAL: a power cut may take the last commits, rows and progress together, and the projector takes them in
 * again from where the progress then stands. What must be durable at once (a purge, a swap) checkpoints.
 */
export function prepare(db: Database.Database): void {
  db.pragma('page_size = 8192');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('secure_delete = ON');
  db.pragma('busy_timeout = 5000');
  db.pragma('temp_store = MEMORY');
}

export function createSchema(db: Database.Database): void {
  db.transaction(() => {
    for (const table of Object.values(tables)) db.exec(ddlOf(table));
    db.exec(`
      CREATE TABLE progress (source TEXT PRIMARY KEY, cursor TEXT NOT NULL, ledger INTEGER NOT NULL) WITHOUT ROWID, STRICT;
      CREATE TABLE parked (
        id TEXT PRIMARY KEY, topic TEXT NOT NULL, key TEXT NOT NULL, sequence INTEGER NOT NULL, reason TEXT NOT NULL,
        event TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL, value BLOB
      ) STRICT;
      CREATE INDEX parked_by_key ON parked (topic, key, sequence);
      CREATE INDEX parked_by_sequence ON parked (sequence, id);
      CREATE TABLE skipped (id TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;
      CREATE TABLE purged (id TEXT PRIMARY KEY) WITHOUT ROWID, STRICT;
    `);
    db.pragma(`application_id = ${APPLICATION}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}

export function hasSchema(db: Database.Database): boolean {
  return (
    db.pragma('application_id', { simple: true }) === APPLICATION &&
    db.pragma('user_version', { simple: true }) === SCHEMA_VERSION
  );
}

function ddlOf({ name, columns, indexes }: Table): string {
  const found = columns.map((column) => `${column} TEXT NOT NULL,`).join(' ');
  const table = `CREATE TABLE ${name} (
    key TEXT PRIMARY KEY, ${found} sequence INTEGER NOT NULL, row TEXT NOT NULL,
    member_event TEXT, member BLOB, crc INTEGER NOT NULL
  ) STRICT;`;
  const indexDdl = indexes.map((index, at) => `CREATE INDEX ${name}_${at} ON ${name} (${index.join(', ')});`);
  return [table, ...indexDdl].join('\n');
}

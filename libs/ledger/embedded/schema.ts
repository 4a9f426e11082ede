import Database from 'better-sqlite3';
import type { Database as Connection, Statement } from 'better-sqlite3';
import { LedgerDamaged } from '../errors.ts';

/** "PALM": says whose file this is. */
const APPLICATION_ID = 0x50414c4d;
const SCHEMA_VERSION = 1;

/**
 * A record's position is (its leaf's index + 1) * step, so that a leaf needs no table of its own until its record is pruned.
 * `pruned_streams` knows a stream by the hash of its name and `pruned_leaves` knows no stream at all:
 * nothing tells which of the leaves that remain belonged together.
 */
const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE records (
  position INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  type INTEGER NOT NULL,
  version INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  id BLOB NOT NULL,
  recorded_at TEXT NOT NULL,
  leaf BLOB NOT NULL,
  clear TEXT NOT NULL,
  sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX records_by_stream ON records (stream, revision);
CREATE INDEX records_by_type ON records (type);
CREATE TABLE pruned_leaves (position INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
CREATE TABLE pruned_streams (name_hash BLOB PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE snapshots (
  stream INTEGER PRIMARY KEY, fold TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL, digest BLOB NOT NULL
);
CREATE TABLE short_lived (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  revision INTEGER NOT NULL,
  keep_until TEXT NOT NULL,
  position INTEGER NOT NULL,
  type TEXT NOT NULL,
  version INTEGER NOT NULL,
  actor INTEGER NOT NULL,
  id BLOB NOT NULL,
  recorded_at TEXT NOT NULL,
  leaf BLOB NOT NULL,
  clear TEXT NOT NULL,
  sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX short_lived_by_name ON short_lived (name, revision);
CREATE INDEX short_lived_by_time ON short_lived (keep_until);
`;

export interface WriterSettings {
  readonly file: string;
  /** Distance between two positions; kept with the ledger from its first opening on. */
  readonly positionStep: number;
  /** The most pages of 4 KiB that the file may have; 0 for no limit. */
  readonly maxPages: number;
}

/** The one writing connection. Durable at every commit; what is deleted is overwritten. */
export function openForWriting({ file, positionStep, maxPages }: WriterSettings, mayCreate: boolean): Connection {
  const db = new Database(file);
  db.pragma('secure_delete = ON');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('wal_autocheckpoint = 0');
  db.pragma('cell_size_check = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cache_size = -65536');
  db.pragma('busy_timeout = 1000');
  if (maxPages > 0) db.pragma(`max_page_count = ${maxPages}`);
  if (mayCreate && isEmpty(db)) create(db, positionStep);
  checkIdentity(db);
  return db;
}

/** A reading connection. Its statements never stay open across an await. */
export function openForReading(file: string): Connection {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  db.pragma('cell_size_check = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cache_size = -65536');
  db.pragma('busy_timeout = 10000');
  checkIdentity(db);
  return db;
}

const HEAD = `SELECT max(
  coalesce((SELECT max(position) FROM records), 0), coalesce((SELECT max(position) FROM pruned_leaves), 0)
)`;

/** Gives the last position, 0 where there is none. */
export function headOf(db: Connection): Statement<[], number> {
  return db.prepare<[], number>(HEAD).pluck();
}

export function positionStepOf(db: Connection): number {
  return db.prepare<[], number>(`SELECT value FROM meta WHERE name = 'position step'`).pluck().get()!;
}

function isEmpty(db: Connection): boolean {
  return db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
}

function create(db: Connection, positionStep: number): void {
  db.transaction(() => {
    db.exec(SCHEMA);
    db.prepare(`INSERT INTO meta VALUES ('position step', ?), ('pruned leaves', 0)`).run(positionStep);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  })();
}

function checkIdentity(db: Connection): void {
  const application = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true });
  if (application !== APPLICATION_ID) throw new LedgerDamaged(undefined, 'its file is not a ledger');
  if (version !== SCHEMA_VERSION) throw new LedgerDamaged(undefined, `its format is ${version}, not ${SCHEMA_VERSION}`);
}

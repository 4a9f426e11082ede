import Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { NewRecord } from '#libs/ledger/port.ts';

/** The least that does the ledger's work: the same table and constraints, WAL, every commit synced, each record serialised and hashed. */
export interface BareLedger {
  /** One durable commit for all of them. */
  append(stream: number, revision: number, records: readonly NewRecord[]): void;
  /** All, decoded and their hashes checked. */
  readAll(): number;
  readStream(stream: number): number;
  close(): void;
}

interface Row {
  readonly stream: number;
  readonly id: Buffer;
  readonly recorded_at: string;
  readonly leaf: Buffer;
  readonly clear: string;
  readonly sealed: Buffer;
}

export function openBareLedger(folder: string): BareLedger {
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE records (
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL, type INTEGER NOT NULL,
    version INTEGER NOT NULL, actor INTEGER NOT NULL, id BLOB NOT NULL, recorded_at TEXT NOT NULL, leaf BLOB NOT NULL,
    clear TEXT NOT NULL, sealed BLOB NOT NULL);
    CREATE UNIQUE INDEX records_by_stream ON records (stream, revision);
    CREATE INDEX records_by_type ON records (type);`);
  const insert = db.prepare('INSERT INTO records VALUES (NULL, ?, ?, 1, ?, 1, ?, ?, ?, ?, ?)');
  const all = db.prepare<[], Row>('SELECT * FROM records ORDER BY position');
  const one = db.prepare<[number], Row>('SELECT * FROM records WHERE stream = ? ORDER BY revision');
  const append = db.transaction((stream: number, revision: number, records: readonly NewRecord[]) => {
    records.forEach((record, index) => {
      const id = Buffer.from(record.id.replaceAll('-', ''), 'hex');
      const leaf = leafOf(stream, id, record.recordedAt, record.clear, record.sealed);
      insert.run(stream, revision + index, record.version, id, record.recordedAt, leaf, record.clear, record.sealed);
    });
  });
  return {
    append,
    readAll: () => checked(all.iterate()),
    readStream: (stream) => checked(one.iterate(stream)),
    close: () => db.close(),
  };
}

function checked(rows: Iterable<Row>): number {
  let read = 0;
  for (const { stream, id, recorded_at, leaf, clear, sealed } of rows) {
    if (!leafOf(stream, id, recorded_at, clear, sealed).equals(leaf)) throw new Error('damaged');
    JSON.parse(clear);
    read += 1;
  }
  return read;
}

function leafOf(stream: number, id: Buffer, at: string, clear: string, sealed: Uint8Array): Buffer {
  const json = JSON.stringify([stream, id.toString('hex'), at, clear, hash('sha256', sealed, 'hex')]);
  return hash('sha256', `\0${json}`, 'buffer');
}

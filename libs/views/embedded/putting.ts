import type Database from 'better-sqlite3';
import type { SealedMember } from '../rows.ts';
import { checksum, rowOf, rowText, type StoredRow } from './stored-row.ts';
import type { Table } from './tables.ts';

/** What is put: `columns` in the table's order. */
export interface NewRow {
  readonly key: string;
  readonly columns: readonly string[];
  readonly sequence: bigint;
  readonly row: object;
  readonly member?: SealedMember | undefined;
}

export interface TableWriter {
  get<Row>(key: string): Row | undefined;
  /** Puts the row unless the one there is as new; answers the one before, or `kept`. */
  put<Row>(row: NewRow): { before: Row | undefined } | 'kept';
  dropMember(key: string): void;
}

const noMember = { member: null, member_event: null };

export function tableWriter(db: Database.Database, table: Table, isPurged: (key: string) => boolean): TableWriter {
  const found = table.columns.map((column) => `${column}, `).join('');
  const marks = table.columns.map(() => '?, ').join('');
  const select = db
    .prepare(`SELECT key, row, member_event, member, crc, sequence FROM ${table.name} WHERE key = ?`)
    .safeIntegers();
  const upsert = db.prepare(
    `INSERT INTO ${table.name} (key, ${found}sequence, row, member_event, member, crc) VALUES (?, ${marks}?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET ${table.columns.map((column) => `${column} = excluded.${column}, `).join('')}
     sequence = excluded.sequence, row = excluded.row, member_event = excluded.member_event, member = excluded.member, crc = excluded.crc`,
  );
  const stored = (key: string) => select.get(key) as (StoredRow & { sequence: bigint }) | undefined;

  return {
    get: <Row>(key: string) => {
      const there = stored(key);
      return there === undefined ? undefined : rowOf<Row>(there);
    },
    put: <Row>({ key, columns, sequence, row, member }: NewRow) => {
      const there = stored(key);
      if (there !== undefined && there.sequence >= sequence) return 'kept';
      const sealed =
        member === undefined || isPurged(key)
          ? { member: there?.member ?? null, member_event: there?.member_event ?? null }
          : { member: member.ciphertext, member_event: member.eventId };
      const next = { key, row: rowText(row), ...sealed };
      const { member_event, member: bytes } = next;
      upsert.run(key, ...columns, sequence, next.row, member_event, bytes, checksum(next));
      return { before: there === undefined ? undefined : rowOf<Row>(there) };
    },
    dropMember: (key) => {
      const there = stored(key);
      if (there === undefined || there.member === null) return;
      const next = { key, row: there.row, ...noMember };
      db.prepare(`UPDATE ${table.name} SET member = NULL, member_event = NULL, crc = ? WHERE key = ?`).run(
        checksum(next),
        key,
      );
    },
  };
}

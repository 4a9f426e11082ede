import type { Database as Connection, Statement } from 'better-sqlite3';
import { LedgerDamaged } from '../errors.ts';
import type { LedgerPage, ReadAllOptions, ReadStreamOptions, StoredRecord } from '../port.ts';
import { DUE_NAMES } from './removing.ts';
import { COLUMNS, recordOf, type Row } from './rows.ts';
import { headOf, positionStepOf } from './schema.ts';
import { naming } from './sqlite-errors.ts';

export interface Reader {
  readStream(stream: string, options: ReadStreamOptions): StoredRecord[];
  readAll(options: ReadAllOptions): LedgerPage;
  head(): number;
  due(now: string, limit: number): StoredRecord[];
  shortLived(after: string, limit: number): StoredRecord[];
}

const MOST_RECORDS = 1000;
const USUAL_RECORDS = 500;
/** A page ends after the record that reaches this. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** Wanted records that make up at least one in so many of those they lie among. */
const CLOSE_TOGETHER = 16;

/** Bounded reads on a connection of their own; each is done before it returns. */
export function readerOf(db: Connection): Reader {
  const step = positionStepOf(db);
  const statements = prepare(db);
  const types = new Map<number, string>();
  /** One statement a type, since several are walked at once. */
  const byType = new Map<number, Statement<[number, number], number>>();

  function typeName(id: number): string | undefined {
    const known = types.get(id);
    if (known !== undefined) return known;
    const name = statements.typeName.get(id);
    if (name !== undefined) types.set(id, name);
    return name;
  }

  /** Rows as records, until the page is full. */
  function page(rows: Iterable<Row>, consider?: (record: StoredRecord) => void): StoredRecord[] {
    const records: StoredRecord[] = [];
    let bytes = 0;
    for (const row of rows) {
      const record = recordOf(row, typeName);
      consider?.(record);
      records.push(record);
      bytes += record.clear.length + record.sealed.byteLength;
      if (bytes >= PAGE_BYTES) break;
    }
    return records;
  }

  function readStream(stream: string, options: ReadStreamOptions): StoredRecord[] {
    const backwards = options.backwards === true;
    const from = options.from === undefined ? (backwards ? Number.MAX_SAFE_INTEGER : 0) : Number(options.from);
    const upTo = options.upTo === undefined ? Number.MAX_SAFE_INTEGER : Number(options.upTo);
    const limit = bounded(options.limit ?? USUAL_RECORDS);
    const id = statements.findStream.get(stream);
    const records =
      id === undefined
        ? page((backwards ? statements.shortBackwards : statements.shortForwards).iterate(stream, from, upTo, limit))
        : page((backwards ? statements.backwards : statements.forwards).iterate(id, from, upTo, limit));
    checkUnbroken(records, backwards ? undefined : from, backwards);
    return records;
  }

  function readAll({ after, limit, types: wanted }: ReadAllOptions): LedgerPage {
    statements.begin.run();
    try {
      const head = statements.head.get()!;
      if (after >= BigInt(head)) return { records: [], next: after };
      return wanted === undefined
        ? everything(Number(after), bounded(limit), head)
        : matching(Number(after), bounded(limit), head, wanted);
    } finally {
      statements.commit.run();
    }
  }

  function everything(after: number, limit: number, head: number): LedgerPage {
    let last = after - (after % step);
    const reach = (position: number): void => {
      if (position !== last + step) checkPruned(last, position);
      last = position;
    };
    const rows = statements.all.iterate(after, limit);
    const records = page(rows, (record) => reach(Number(record.position)));
    if (records.length === 0) reach(head + step);
    return { records, next: records.at(-1)?.position ?? BigInt(head) };
  }

  /** What lies between two positions must all have been pruned. */
  function checkPruned(after: number, before: number): void {
    const missing = (before - after) / step - 1;
    if (missing === statements.prunedBetween.get(after, before)) return;
    for (let position = after + step; position < before; position += step)
      if (statements.prunedAt.get(position) === undefined)
        throw new LedgerDamaged(BigInt(position), 'the record is missing');
    throw new LedgerDamaged(BigInt(before), 'its position is not one of this ledger');
  }

  function matching(after: number, limit: number, head: number, wanted: readonly string[]): LedgerPage {
    const ids = wanted.flatMap((type) => statements.typeId.get(type) ?? []);
    const positions = positionsOf(ids, after, limit);
    const records = page(rowsAt(positions, ids));
    const ended = records.length === positions.length && positions.length < limit;
    return { records, next: ended ? BigInt(head) : records.at(-1)!.position };
  }

  /** The first positions of these types, in order: each type's own come in order, so taking the least again and again is enough. */
  function positionsOf(ids: readonly number[], after: number, limit: number): number[] {
    const sources = ids.map((id) => positionsOfType(id).iterate(id, after));
    const heads = sources.map((source) => nextOf(source));
    const positions: number[] = [];
    try {
      while (positions.length < limit) {
        let least = 0;
        for (let at = 1; at < heads.length; at += 1) if (heads[at]! < heads[least]!) least = at;
        const position = heads[least] ?? Infinity;
        if (position === Infinity) return positions;
        positions.push(position);
        heads[least] = nextOf(sources[least]!);
      }
      return positions;
    } finally {
      for (const source of sources) source.return?.();
    }
  }

  function positionsOfType(id: number): Statement<[number, number], number> {
    const known = byType.get(id);
    if (known !== undefined) return known;
    const fresh = db
      .prepare<[number, number], number>(
        'SELECT position FROM records INDEXED BY records_by_type WHERE type = ? AND position > ? ORDER BY position',
      )
      .pluck();
    byType.set(id, fresh);
    return fresh;
  }

  /** Where they lie close together one walk over what is between them costs less than going down the tree for each. */
  function* rowsAt(positions: readonly number[], ids: readonly number[]): Generator<Row> {
    const [first, last] = [positions[0], positions.at(-1)];
    if (first === undefined || last === undefined) return;
    const close = (last - first) / step <= positions.length * CLOSE_TOGETHER;
    let at = 0;
    for (const row of close ? statements.between.iterate(first, last, JSON.stringify(ids)) : oneByOne(positions)) {
      if (row[2] !== positions[at]) throw new LedgerDamaged(BigInt(positions[at] ?? row[2]), 'the record is missing');
      at += 1;
      yield row;
    }
    if (at < positions.length) throw new LedgerDamaged(BigInt(positions[at]!), 'the record is missing');
  }

  function* oneByOne(positions: readonly number[]): Generator<Row> {
    for (const position of positions) {
      const row = statements.at.get(position);
      if (row === undefined) throw new LedgerDamaged(BigInt(position), 'the record is missing');
      yield row;
    }
  }

  return {
    readStream: (stream, options) => naming(() => readStream(stream, options)),
    readAll: (options) => naming(() => readAll(options)),
    head: () => naming(() => statements.head.get()!),
    shortLived: (after, limit) =>
      naming(() => statements.shortLived.all(after, bounded(limit)).map((row) => recordOf(row, typeName))),
    due: (now, limit) => naming(() => statements.due.all(now, bounded(limit)).map((row) => recordOf(row, typeName))),
  };
}

function nextOf(source: Iterator<number>): number {
  const next = source.next();
  return next.done === true ? Infinity : next.value;
}

/** A stream's revisions have no gaps. */
function checkUnbroken(records: readonly StoredRecord[], from: number | undefined, backwards: boolean): void {
  let expected = from === undefined ? records[0]?.revision : BigInt(from);
  for (const { revision, position } of records) {
    if (revision !== expected) throw new LedgerDamaged(position, `revision ${expected} of its stream is missing`);
    expected += backwards ? -1n : 1n;
  }
}

function bounded(limit: number): number {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('a page has at least one record');
  return Math.min(limit, MOST_RECORDS);
}

const FROM_RECORDS = 'FROM records r CROSS JOIN streams s ON s.id = r.stream';
const NAMES_AFTER = 'SELECT name FROM short_lived WHERE name > ? AND revision = 0 ORDER BY name LIMIT ?';
const SHORT = `SELECT ${COLUMNS.replace('s.name', 'r.name')} FROM short_lived r`;

function prepare(db: Connection) {
  const rows = <Parameters extends unknown[]>(sql: string) => db.prepare<Parameters, Row>(sql).raw();
  const inStream = `SELECT ${COLUMNS} ${FROM_RECORDS} WHERE r.stream = ?`;
  return {
    begin: db.prepare('BEGIN'),
    commit: db.prepare('COMMIT'),
    head: headOf(db),
    typeName: db.prepare<[number], string>('SELECT name FROM types WHERE id = ?').pluck(),
    typeId: db.prepare<[string], number>('SELECT id FROM types WHERE name = ?').pluck(),
    findStream: db.prepare<[string], number>('SELECT id FROM streams WHERE name = ?').pluck(),
    forwards: rows<[number, number, number, number]>(
      `${inStream} AND r.revision >= ? AND r.position <= ? ORDER BY r.revision LIMIT ?`,
    ),
    backwards: rows<[number, number, number, number]>(
      `${inStream} AND r.revision <= ? AND r.position <= ? ORDER BY r.revision DESC LIMIT ?`,
    ),
    shortForwards: rows<[string, number, number, number]>(
      `${SHORT} WHERE r.name = ? AND r.revision >= ? AND r.position <= ? ORDER BY r.revision LIMIT ?`,
    ),
    shortBackwards: rows<[string, number, number, number]>(
      `${SHORT} WHERE r.name = ? AND r.revision <= ? AND r.position <= ? ORDER BY r.revision DESC LIMIT ?`,
    ),
    due: rows<[string, number]>(`${SHORT} WHERE r.name IN (${DUE_NAMES}) ORDER BY r.keep_until, r.number`),
    shortLived: rows<[string, number]>(`${SHORT} WHERE r.name IN (${NAMES_AFTER}) ORDER BY r.name, r.revision`),
    all: rows<[number, number]>(`SELECT ${COLUMNS} ${FROM_RECORDS} WHERE r.position > ? ORDER BY r.position LIMIT ?`),
    at: rows<[number]>(`SELECT ${COLUMNS} ${FROM_RECORDS} WHERE r.position = ?`),
    between: rows<[number, number, string]>(
      `SELECT ${COLUMNS} ${FROM_RECORDS} WHERE r.position >= ? AND r.position <= ?
        AND +r.type IN (SELECT value FROM json_each(?)) ORDER BY r.position`,
    ),
    prunedBetween: db
      .prepare<[number, number], number>('SELECT count(*) FROM pruned_leaves WHERE position > ? AND position < ?')
      .pluck(),
    prunedAt: db.prepare<[number], number>('SELECT 1 FROM pruned_leaves WHERE position = ?').pluck(),
  };
}

import type { Database as Connection } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { StreamPruned, WrongExpectedRevision } from '../errors.ts';
import { leafHash } from '../leaf.ts';
import { actorCode } from './actors.ts';
import type { AppendJob, PackedRecord } from './messages.ts';
import { headOf } from './schema.ts';
import { uuidBytes } from './uuid.ts';

/** What the writer remembers of a stream. `id` is 0 while it does not exist; short-lived streams are never remembered. */
interface Stream {
  id: number;
  /** Last revision, -1 where there is none. */
  last: number;
}

export interface Written {
  readonly revision: number;
  readonly position: number;
}

export interface Appending {
  /** Within a transaction. Throws `WrongExpectedRevision`, `StreamPruned` before it writes; SQLite's errors leave no trace of this append. */
  append(job: AppendJob, sealed: Uint8Array): Written;
  /** The last position. */
  head(): number;
  /** Nothing of this transaction happened: back to a head from before it. */
  forget(head: number): void;
}

/** How many streams' last revisions are remembered. */
const REMEMBERED_STREAMS = 50_000;

/** The appends of the one writer, on its connection. */
export function appendingTo(db: Connection, step: number): Appending {
  const statements = prepare(db);
  const streams = new LRUCache<string, Stream>({ max: REMEMBERED_STREAMS });
  const types = new Map<string, number>();
  let head = statements.head.get()!;

  function find(name: string): Stream {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const id = statements.findStream.get(name);
    if (id === undefined) {
      if (statements.isPruned.get(nameHash(name)) !== undefined) throw new StreamPruned();
      return { id: 0, last: -1 };
    }
    const stream = { id, last: statements.lastRevision.get(id) ?? -1 };
    streams.set(name, stream);
    return stream;
  }

  function typeId(type: string): number {
    const known = types.get(type) ?? statements.findType.get(type);
    const id = known ?? Number(statements.addType.run(type).lastInsertRowid);
    types.set(type, id);
    return id;
  }

  function write(job: AppendJob, stream: Stream, sealed: Uint8Array): Written {
    if (stream.id === 0) stream.id = Number(statements.addStream.run(job.stream).lastInsertRowid);
    let at = job.sealedAt;
    for (const record of job.records) {
      const part = sealed.subarray(at, (at += record.sealedBytes));
      const position = head + step;
      const [actor, id, leaf] = derived(job.stream, record, part);
      statements.addRecord.run(
        position,
        stream.id,
        stream.last + 1,
        typeId(record.type),
        record.version,
        actor,
        id,
        record.recordedAt,
        leaf,
        record.clear,
        part,
      );
      stream.last += 1;
      head = position;
    }
    streams.set(job.stream, stream);
    return { revision: stream.last, position: head };
  }

  function writeShortLived(job: AppendJob, last: number, keepUntil: string, sealed: Uint8Array): Written {
    let at = job.sealedAt;
    let revision = last;
    for (const record of job.records) {
      const part = sealed.subarray(at, (at += record.sealedBytes));
      const [actor, id, leaf] = derived(job.stream, record, part);
      const { type, version, recordedAt, clear } = record;
      revision += 1;
      const where = [job.stream, revision, keepUntil, head];
      statements.addShortLived.run(...where, type, version, actor, id, recordedAt, leaf, clear, part);
    }
    return { revision, position: head };
  }

  /** All or nothing, also where SQLite fails midway. */
  function whole(job: AppendJob, writing: () => Written): Written {
    const before = head;
    statements.savepoint.run();
    try {
      const written = writing();
      statements.release.run();
      return written;
    } catch (error) {
      if (db.inTransaction) {
        statements.rollback.run();
        statements.release.run();
      }
      head = before;
      streams.delete(job.stream);
      types.clear();
      throw error;
    }
  }

  return {
    append: (job, sealed) => {
      const stream = find(job.stream);
      const short = stream.id === 0 ? statements.lastShortLived.get(job.stream) : undefined;
      if (short !== undefined) {
        const ids = (revision: number) => statements.shortLivedAt.get(job.stream, revision);
        const repeated = decide(job, short.revision, ids);
        if (repeated !== undefined) return repeated;
        return whole(job, () => writeShortLived(job, short.revision, short.keepUntil, sealed));
      }
      const repeated = decide(job, stream.last, (revision) => statements.recordAt.get(stream.id, revision));
      if (repeated !== undefined) return repeated;
      const { keepUntil } = job;
      if (stream.id === 0 && keepUntil !== undefined)
        return whole(job, () => writeShortLived(job, -1, keepUntil, sealed));
      return whole(job, () => write(job, stream, sealed));
    },
    head: () => head,
    forget: (before) => {
      head = before;
      streams.clear();
      types.clear();
    },
  };
}

/** The hash by which a pruned stream's name is remembered. */
export function nameHash(name: string): Buffer {
  return hash('sha256', name, 'buffer');
}

/**
 * As EventStoreDB decides: the exact revision writes; a smaller one is a repeat if each record already sits where it would have been;
 * all else is refused. Undefined where there is something to write.
 */
function decide(
  { stream, expected, records }: AppendJob,
  last: number,
  at: (revision: number) => { id: Buffer; position: number } | undefined,
): Written | undefined {
  const wrong = () => new WrongExpectedRevision(stream, revisionOf(expected), revisionOf(last));
  if (expected > last || (expected < last && records.length === 0)) throw wrong();
  if (expected === last && records.length > 0) return undefined;
  let position = last < 0 ? 0 : at(last)!.position;
  records.forEach((record, index) => {
    const stored = at(expected + 1 + index);
    if (stored === undefined || !stored.id.equals(uuidBytes(record.id))) throw wrong();
    position = stored.position;
  });
  return { revision: expected + records.length, position };
}

function revisionOf(revision: number): bigint | 'none' {
  return revision < 0 ? 'none' : BigInt(revision);
}

function derived(stream: string, record: PackedRecord, sealed: Uint8Array): [number, Buffer, Buffer] {
  return [actorCode(record.actor), uuidBytes(record.id), leafHash(stream, { ...record, sealed })];
}

function prepare(db: Connection) {
  return {
    savepoint: db.prepare('SAVEPOINT one'),
    release: db.prepare('RELEASE one'),
    rollback: db.prepare('ROLLBACK TO one'),
    head: headOf(db),
    findStream: db.prepare<[string], number>('SELECT id FROM streams WHERE name = ?').pluck(),
    addStream: db.prepare('INSERT INTO streams (name) VALUES (?)'),
    isPruned: db.prepare('SELECT 1 FROM pruned_streams WHERE name_hash = ?').pluck(),
    lastRevision: db.prepare<[number], number | null>('SELECT max(revision) FROM records WHERE stream = ?').pluck(),
    recordAt: db.prepare<[number, number], { id: Buffer; position: number }>(
      'SELECT id, position FROM records WHERE stream = ? AND revision = ?',
    ),
    findType: db.prepare<[string], number>('SELECT id FROM types WHERE name = ?').pluck(),
    addType: db.prepare('INSERT INTO types (name) VALUES (?)'),
    addRecord: db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    lastShortLived: db.prepare<[string], { revision: number; keepUntil: string }>(
      'SELECT revision, keep_until AS keepUntil FROM short_lived WHERE name = ? ORDER BY revision DESC LIMIT 1',
    ),
    shortLivedAt: db.prepare<[string, number], { id: Buffer; position: number }>(
      'SELECT id, position FROM short_lived WHERE name = ? AND revision = ?',
    ),
    addShortLived: db.prepare('INSERT INTO short_lived VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  };
}

import type { Database as Connection } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { nameHash } from './appending.ts';
import type { SaveSnapshotJob } from './messages.ts';

/** What the writer does beside appending; each within a transaction of the caller's. */
export interface Removing {
  /** How many records the stream had; the same when repeated. 0 for a stream that never was, which then takes nothing either. */
  prune(stream: string): number;
  /** How many short-lived streams went. */
  sweep(now: string, limit: number): number;
  saveSnapshot(job: SaveSnapshotJob): void;
}

/** Short-lived streams whose time is over, oldest first: at most so many. */
export const DUE_NAMES =
  'SELECT name FROM short_lived WHERE keep_until < ? AND revision = 0 ORDER BY keep_until, number LIMIT ?';

export function removingFrom(db: Connection): Removing {
  const findStream = db.prepare<[string], number>('SELECT id FROM streams WHERE name = ?').pluck();
  const prunedRecords = db.prepare<[Buffer], number>('SELECT records FROM pruned_streams WHERE name_hash = ?').pluck();
  const keepLeaves = db.prepare('INSERT INTO pruned_leaves SELECT position, leaf FROM records WHERE stream = ?');
  const countLeaves = db.prepare(`UPDATE meta SET value = value + ? WHERE name = 'pruned leaves'`);
  const deleteRecords = db.prepare('DELETE FROM records WHERE stream = ?');
  const deleteSnapshot = db.prepare('DELETE FROM snapshots WHERE stream = ?');
  const deleteStream = db.prepare('DELETE FROM streams WHERE id = ?');
  const addPruned = db.prepare('INSERT INTO pruned_streams VALUES (?, ?)');
  const deleteShort = db.prepare('DELETE FROM short_lived WHERE name = ?');
  const dueNames = db.prepare<[string, number], string>(DUE_NAMES).pluck();
  const saveSnapshot = db.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)');

  return {
    prune: (stream) => {
      const name = nameHash(stream);
      const before = prunedRecords.get(name);
      if (before !== undefined) return before;
      const short = deleteShort.run(stream).changes;
      const id = findStream.get(stream);
      const records = id === undefined ? 0 : keepLeaves.run(id).changes;
      if (id !== undefined) {
        countLeaves.run(records);
        deleteRecords.run(id);
        deleteSnapshot.run(id);
        deleteStream.run(id);
      }
      addPruned.run(name, short + records);
      return short + records;
    },
    sweep: (now, limit) => {
      const names = dueNames.all(now, limit);
      for (const name of names) deleteShort.run(name);
      return names.length;
    },
    saveSnapshot: ({ stream, fold, revision, state }) => {
      const id = findStream.get(stream);
      if (id !== undefined) saveSnapshot.run(id, fold, revision, state, snapshotDigest(stream, fold, revision, state));
    },
  };
}

/** A snapshot that does not have it is dropped: it is a cache, and is folded anew. */
export function snapshotDigest(stream: string, fold: string, revision: number, state: string): Buffer {
  return hash('sha256', JSON.stringify([stream, fold, revision, state]), 'buffer');
}

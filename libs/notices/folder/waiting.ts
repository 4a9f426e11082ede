import Database from 'better-sqlite3';
import type { Store } from '#libs/runtime/serve-store.ts';
import type { OutboxJob, OutboxResult, WaitingNotice } from './messages.ts';

const WEEK_MS = 7 * 24 * 3_600_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS waiting (
  row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sealed BLOB NOT NULL,
  due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS over (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS over_by_time ON over (at);
`;

/** The messages that wait, in one file. What is removed is overwritten, and its traces in the log are cut off. */
export function openWaiting(file: string): Store<OutboxJob, OutboxResult> {
  const db = new Database(file, { timeout: 500 });
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.exec(SCHEMA);
  const perform = jobs(db);
  const all = db.transaction((given: readonly OutboxJob[]) => given.map(perform));
  return {
    run: (given) => {
      const results = all.immediate(given);
      if (given.some((job) => job.do === 'end')) db.pragma('wal_checkpoint(TRUNCATE)');
      return results;
    },
    close: () => void db.close(),
  };
}

function jobs(db: Database.Database): (job: OutboxJob) => OutboxResult {
  const isOver = db.prepare<[string], unknown>('SELECT 1 FROM over WHERE id = ?');
  const isWaiting = db.prepare<[string], unknown>('SELECT 1 FROM waiting WHERE id = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO waiting (id, sealed, due) VALUES (?, ?, ?)');
  const due = db.prepare<[number, number, number], WaitingNotice & { row: number }>(
    'SELECT row, id, sealed, attempts FROM waiting WHERE row > ? AND due <= ? ORDER BY row LIMIT ?',
  );
  const later = db.prepare('UPDATE waiting SET attempts = attempts + 1, due = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM waiting WHERE id = ?');
  const remember = db.prepare('INSERT OR IGNORE INTO over (id, at) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM over WHERE at < ?');
  const count = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM waiting');

  function end(ids: readonly string[], at: number): OutboxResult {
    const ended = ids.filter((id) => remove.run(id).changes === 1);
    for (const id of ended) remember.run(id, at);
    forget.run(at - WEEK_MS);
    return { ended };
  }

  return (job) => {
    switch (job.do) {
      case 'enqueue':
        return { enqueued: isOver.get(job.id) === undefined && insert.run(job.id, job.sealed, job.at).changes === 1 };
      case 'due':
        return { waiting: due.all(job.after, job.all ? Number.MAX_SAFE_INTEGER : job.at, job.limit) };
      case 'later':
        later.run(job.due, job.id);
        return undefined;
      case 'end':
        return end(job.ids, job.at);
      case 'state':
        if (isWaiting.get(job.id) !== undefined) return { state: 'waiting' };
        return { state: isOver.get(job.id) === undefined ? 'unknown' : 'over' };
      case 'count':
        return { count: count.get()!.count };
    }
  };
}

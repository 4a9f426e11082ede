import type Database from 'better-sqlite3';
import { parkedId, type RawMessage } from '../parked.ts';

export interface ParkedWriter {
  isStopped(message: RawMessage): boolean;
  isSkipped(message: RawMessage): boolean;
  /** Whether it was not parked before; a repeat keeps its first reason. */
  park(message: RawMessage, reason: string): boolean;
  failedAgain(message: RawMessage, reason: string): void;
  unpark(message: RawMessage): void;
  skip(message: RawMessage): void;
  /** Forgets what it remembers of a transaction that was rolled back. */
  reload(): void;
}

export function parkedWriter(db: Database.Database): ParkedWriter {
  const any = db.prepare('SELECT EXISTS (SELECT 1 FROM parked)').pluck();
  const anySkipped = db.prepare('SELECT EXISTS (SELECT 1 FROM skipped)').pluck();
  const ofKey = db.prepare('SELECT 1 FROM parked WHERE topic = ? AND key = ? LIMIT 1').pluck();
  const skipped = db.prepare('SELECT 1 FROM skipped WHERE id = ?').pluck();
  const insert = db.prepare(
    `INSERT INTO parked (id, topic, key, sequence, reason, event, type, time, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO NOTHING`,
  );
  const update = db.prepare('UPDATE parked SET reason = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM parked WHERE id = ?');
  const remember = db.prepare('INSERT INTO skipped (id) VALUES (?) ON CONFLICT DO NOTHING');
  // Nearly always nothing is parked: then no message pays for the question.
  let some = any.get() === 1;
  let someSkipped = anySkipped.get() === 1;

  return {
    isStopped: ({ topic, key }) => some && ofKey.get(topic, key) !== undefined,
    isSkipped: (message) => someSkipped && skipped.get(parkedId(message)) !== undefined,
    park: (message, reason) => {
      const { topic, key, sequence, id, type, time, value } = message;
      some = true;
      return insert.run(parkedId(message), topic, key, sequence, reason, id, type, time, value).changes > 0;
    },
    failedAgain: (message, reason) => void update.run(reason, parkedId(message)),
    unpark: (message) => void remove.run(parkedId(message)),
    skip: (message) => {
      remember.run(parkedId(message));
      someSkipped = true;
    },
    reload: () => {
      some = any.get() === 1;
      someSkipped = anySkipped.get() === 1;
    },
  };
}

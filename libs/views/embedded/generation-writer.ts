import Database from 'better-sqlite3';
import { ViewDamaged, ViewMoved } from '../errors.ts';
import type { Applied, Entry, Progress, Retried, Source, Step } from '../port.ts';
import type { Change } from '../rows.ts';
import { changeWriter } from './changes.ts';
import { coalesced } from './coalesce.ts';
import { parkedWriter } from './parked-writer.ts';
import { createSchema, hasSchema, prepare } from './schema.ts';

export interface GenerationWriter {
  progress(source: Source): Progress | undefined;
  apply(entries: readonly Entry[], step: Step): Applied;
  unpark(topic: string, key: string, entries: readonly Retried[]): number;
  purge(ids: readonly string[]): void;
  /** Takes over what an older generation was told for good: purged and skipped. */
  inherit(file: string): void;
  checkpoint(): void;
  close(): void;
}

/** The one connection that writes a generation's file; runs in the writer's worker. */
export function openGeneration(file: string): GenerationWriter {
  const db = new Database(file);
  prepare(db);
  if (!hasSchema(db)) createSchema(db);
  const changes = changeWriter(db);
  const parked = parkedWriter(db);
  const getProgress = db.prepare('SELECT cursor, ledger FROM progress WHERE source = ?').safeIntegers();
  const setProgress = db.prepare(
    `INSERT INTO progress (source, cursor, ledger) VALUES (?, ?, ?)
     ON CONFLICT (source) DO UPDATE SET cursor = excluded.cursor, ledger = excluded.ledger`,
  );
  const savepoint = db.prepare('SAVEPOINT entry');
  const release = db.prepare('RELEASE entry');
  const rollback = db.prepare('ROLLBACK TO entry');
  const progress = (source: Source) => getProgress.get(source) as Progress | undefined;

  /** Takes one in, or says why not. Only what is wrong with the entry itself is a reason; anything else ends the batch. */
  function take(entry: Entry): string | undefined {
    if ('poison' in entry) return entry.poison;
    savepoint.run();
    try {
      for (const change of entry.changes) changes.put(change);
      changes.flush();
      release.run();
      return undefined;
    } catch (error) {
      changes.drop();
      rollback.run();
      release.run();
      return reasonOf(error);
    }
  }

  function takeAll(entries: readonly Entry[], step: Step, takeOne: (entry: Entry) => string | undefined): number {
    if ((progress(step.source)?.cursor ?? null) !== step.from) throw new ViewMoved();
    let count = 0;
    for (const entry of entries) {
      const { message } = entry;
      if (parked.isSkipped(message)) continue;
      const reason = parked.isStopped(message) ? 'follows' : takeOne(entry);
      if (reason === undefined) continue;
      if (parked.park(message, reason)) count += 1;
    }
    setProgress.run(step.source, step.to.cursor, step.to.ledger);
    return count;
  }

  /** Nearly every batch is sound: then what it comes to is put at once, without a savepoint for each entry. */
  const fast = db.transaction((entries: readonly Entry[], step: Step) => {
    const taken: Change[] = [];
    const count = takeAll(entries, step, (entry) => {
      if ('poison' in entry) return entry.poison;
      taken.push(...entry.changes);
      return undefined;
    });
    for (const change of coalesced(taken)) changes.put(change);
    changes.flush();
    return count;
  });
  const careful = db.transaction((entries: readonly Entry[], step: Step) => takeAll(entries, step, take));

  const unpark = db.transaction((entries: readonly Retried[]) => {
    let done = 0;
    for (const entry of entries) {
      const { message } = entry;
      if ('skipped' in entry) parked.skip(message);
      else {
        const reason = take(entry);
        if (reason !== undefined) {
          parked.failedAgain(message, reason);
          break;
        }
      }
      parked.unpark(message);
      done += 1;
    }
    parked.reload();
    return done;
  });
  const purge = db.transaction((ids: readonly string[]) => {
    for (const id of ids) changes.purge(id);
  });
  const checkpoint = (): void => void db.pragma('wal_checkpoint(TRUNCATE)');

  return {
    progress,
    apply: (entries, step) => {
      try {
        return { parked: fast.immediate(entries, step) };
      } catch (error) {
        changes.drop();
        parked.reload();
        if (error instanceof ViewMoved || error instanceof ViewDamaged || !isOfEntry(error)) throw error;
        return { parked: careful.immediate(entries, step) };
      }
    },
    unpark: (_topic, _key, entries) => unpark.immediate(entries),
    purge: (ids) => {
      purge.immediate(ids);
      checkpoint();
    },
    inherit: (older) => {
      db.prepare('ATTACH ? AS older').run(older);
      try {
        const ids = db.prepare('SELECT id FROM older.purged').pluck().all() as string[];
        db.exec('INSERT INTO skipped SELECT id FROM older.skipped WHERE true ON CONFLICT DO NOTHING');
        purge.immediate(ids);
      } finally {
        db.exec('DETACH older');
      }
      parked.reload();
    },
    checkpoint,
    close: () => db.close(),
  };
}

function reasonOf(error: unknown): string {
  if (isOfEntry(error)) return `refused by the view (${codeOf(error) ?? (error as Error).name})`;
  throw error;
}

function isOfEntry(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH';
  return error instanceof TypeError || error instanceof RangeError;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Database.SqliteError ? error.code : undefined;
}

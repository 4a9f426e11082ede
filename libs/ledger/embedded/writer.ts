import { appendingTo } from './appending.ts';
import { failureOf } from './failures.ts';
import { checkHighWater, openHighWater, readHighWater } from './high-water.ts';
import type { Answer, AppendJob, Failure, Job, SaveSnapshotJob } from './messages.ts';
import { removingFrom } from './removing.ts';
import { headOf, openForReading, openForWriting, positionStepOf, type WriterSettings } from './schema.ts';
import { isFull, sqliteCode } from './sqlite-errors.ts';

export interface WriterData extends WriterSettings {
  readonly highWaterFile: string;
  /** The log is moved into the main file once it is longer than this. */
  readonly checkpointBytes: number;
}

export interface Writer {
  /** Throws only where the outcome of a commit or a sync is unknown. */
  run(jobs: readonly (readonly [Job, Uint8Array])[]): 'open' | 'closed';
  head(): number;
}

/** Keeps one commit, and so the wait of those in it, short. */
const RECORDS_A_COMMIT = 2000;
const PAGE = 4096;
/** The pages that nearly every commit writes. */
const COMMIT_BYTES = 4 * PAGE;

/** The one writer of a ledger: groups what came together into one commit, and answers after it. */
export function openWriter(data: WriterData, answer: (answers: Answer[], head: number) => void): Writer {
  const acknowledged = readHighWater(data.highWaterFile);
  if (acknowledged > 0) checkHead(data.file, acknowledged);
  const db = openForWriting(data, acknowledged === 0);
  const appending = appendingTo(db, positionStepOf(db));
  const highWater = openHighWater(data.highWaterFile);
  highWater.write(appending.head());
  const removing = removingFrom(db);
  db.pragma(`journal_size_limit = ${4 * data.checkpointBytes}`);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  /** About how many bytes the log has grown by since it was last moved into the main file. */
  let logged = 0;

  /** One transaction; each append in it stands or falls alone. */
  function group(jobs: readonly (readonly [AppendJob | SaveSnapshotJob, Uint8Array])[]): void {
    const before = appending.head();
    const answers: Answer[] = [];
    try {
      begin.run();
      for (const [job, sealed] of jobs) answers.push(one(job, sealed));
      commit.run();
    } catch (error) {
      // A commit that found no room wrote no commit record. Any other failure of it is of unknown outcome.
      if (!isFull(error)) throw error;
      if (db.inTransaction) rollback.run();
      appending.forget(before);
      answer(refusals(jobs, error), before);
      return;
    }
    highWater.write(appending.head());
    logged += jobs.reduce((bytes, [job]) => bytes + roughly(job), COMMIT_BYTES);
    answer(answers, appending.head());
  }

  function one(job: AppendJob | SaveSnapshotJob, sealed: Uint8Array): Answer {
    try {
      if (job.kind === 'append') return { number: job.number, ...appending.append(job, sealed) };
      removing.saveSnapshot(job);
      return { number: job.number };
    } catch (error) {
      // SQLite undid the whole transaction: so must we.
      if (!db.inTransaction) throw error;
      return { number: job.number, failure: failureOf(error) };
    }
  }

  /** A transaction for one piece of work, whose traces in the log then go too. */
  function alone(number: number, work: () => number): void {
    const done = transact(work);
    appending.forget(appending.head());
    const emptied = typeof done === 'number' && checkpoint('TRUNCATE');
    const failure = typeof done === 'number' ? ({ kind: 'unfinished' } as const) : done;
    const result = typeof done === 'number' && emptied ? { number, count: done } : { number, failure };
    answer([result], appending.head());
  }

  function transact(work: () => number): number | Failure {
    let count;
    try {
      begin.run();
      count = work();
    } catch (error) {
      if (db.inTransaction) rollback.run();
      return failureOf(error);
    }
    try {
      commit.run();
      return count;
    } catch (error) {
      if (!isFull(error)) throw error;
      if (db.inTransaction) rollback.run();
      return failureOf(error);
    }
  }

  /** False where readers or want of room kept it from ending. */
  function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): boolean {
    try {
      const [row] = db.pragma(`wal_checkpoint(${mode})`) as [{ busy: number; log: number; checkpointed: number }];
      return row.busy === 0 && row.log === row.checkpointed;
    } catch (error) {
      if (isFull(error) || sqliteCode(error).startsWith('SQLITE_BUSY')) return false;
      throw error;
    }
  }

  function checkpointBySize(): void {
    if (logged < data.checkpointBytes) return;
    // A reader in the way: once more after half as much.
    logged = checkpoint('PASSIVE') ? 0 : logged / 2;
  }

  function close(): void {
    checkpoint('TRUNCATE');
    db.close();
    highWater.close();
  }

  function run(jobs: readonly (readonly [Job, Uint8Array])[]): 'open' | 'closed' {
    let waiting: [AppendJob | SaveSnapshotJob, Uint8Array][] = [];
    let records = 0;
    const flush = (): void => {
      if (waiting.length > 0) group(waiting);
      waiting = [];
      records = 0;
    };
    for (const [job, sealed] of jobs) {
      if (job.kind === 'append' || job.kind === 'save snapshot') {
        waiting.push([job, sealed]);
        records += job.kind === 'append' ? job.records.length : 1;
        if (records >= RECORDS_A_COMMIT) flush();
        continue;
      }
      flush();
      if (job.kind === 'prune') alone(job.number, () => removing.prune(job.stream));
      if (job.kind === 'sweep') alone(job.number, () => removing.sweep(job.now, job.limit));
      if (job.kind === 'close') {
        close();
        answer([{ number: job.number }], appending.head());
        return 'closed';
      }
    }
    flush();
    checkpointBySize();
    return 'open';
  }

  return { run, head: () => appending.head() };
}

/** Before it is opened for writing: closing that would clear away a damaged log, and with it what may be saved from it by hand. */
function checkHead(file: string, acknowledged: number): void {
  const db = openForReading(file);
  try {
    checkHighWater(acknowledged, headOf(db).get()!);
  } finally {
    db.close();
  }
}

/** Its own bytes and a page of the index by stream. */
function roughly(job: AppendJob | SaveSnapshotJob): number {
  if (job.kind === 'save snapshot') return job.state.length + PAGE;
  return job.records.reduce((bytes, { clear, sealedBytes }) => bytes + clear.length + sealedBytes + 200, PAGE);
}

function refusals(jobs: readonly (readonly [Job, Uint8Array])[], error: unknown): Answer[] {
  return jobs.map(([{ number }]) => ({ number, failure: failureOf(error) }));
}

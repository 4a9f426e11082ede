import Database from 'better-sqlite3';
import type { Store } from '#libs/runtime/serve-store.ts';
import { KeyReused, type LookedUp, type Tokenised } from '../port.ts';
import { becameOf, entriesAfter, newsSince } from './listing.ts';
import type { DatedJob, Job, Result } from './messages.ts';
import { prepareRows, type Rows } from './rows.ts';
import { SCHEMA } from './schema.ts';
import { authorise, cancel, capture, chargeBack, refund, tokenise } from './steps.ts';

/** Opens the book's file for this process alone; a second one is refused. */
export function openBook(file: string): Store<DatedJob, Result> {
  const db = new Database(file, { timeout: 500 });
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(SCHEMA);
  const rows = prepareRows(db);
  const one = db.transaction((job: Job, at: string) => perform(rows, job, at));
  const all = db.transaction((jobs: readonly DatedJob[]) =>
    jobs.map(({ job, at }) => {
      try {
        return one(job, at);
      } catch (error) {
        if (error instanceof Database.SqliteError) throw error;
        return error as Error;
      }
    }),
  );
  return { run: (jobs) => all.immediate(jobs), close: () => void db.close() };
}

function perform(rows: Rows, job: Job, at: string): Result {
  switch (job.step) {
    case 'tokenise':
      return once(rows, 'tokenise', job.key, job.digest, at, () => tokenise(rows, job.card));
    case 'authorise': {
      const { request, digest, declineAll } = job;
      return once(rows, 'authorise', request.key, digest, at, () => authorise(rows, request, declineAll, at));
    }
    case 'capture':
      return once(rows, 'capture', job.request.key, job.digest, at, () => capture(rows, job.request));
    case 'cancel':
      return once(rows, 'cancel', job.request.key, job.digest, at, () => cancel(rows, job.request));
    case 'refund':
      return once(rows, 'refund', job.request.key, job.digest, at, () => refund(rows, job.request));
    case 'look-up':
      return becameOf(rows, job.key);
    case 'since':
      return newsSince(rows, job.position);
    case 'charge-back':
      return chargeBack(rows, job.reference, job.amount, job.reason, at);
    case 'book':
      return entriesAfter(rows, job.after, job.limit);
  }
}

/** The same key again: the same answer; with other content it is refused. */
function once(
  rows: Rows,
  step: Exclude<LookedUp['step'], 'unknown'>,
  key: string,
  digest: string,
  at: string,
  first: () => object,
): LookedUp {
  const call = rows.call.get(key);
  if (call !== undefined) {
    if (call.step !== step || call.digest !== digest) throw new KeyReused();
    return becameOf(rows, key);
  }
  const outcome = first();
  // A card that was refused left nothing: another one may come under the same key.
  const leftNothing = step === 'tokenise' && (outcome as Tokenised).outcome === 'refused';
  if (!leftNothing) rows.keepCall.run(key, step, digest, JSON.stringify(outcome), at);
  return { step, outcome } as LookedUp;
}

import Database from 'better-sqlite3';
import type { Store } from '#libs/runtime/serve-store.ts';
import { newId } from '#libs/runtime/ids.ts';
import {
  KeyReused,
  RequestInvalid,
  type Authorise,
  type Authorised,
  type Cancel,
  type Cancelled,
  type Capture,
  type Captured,
  type ChargeBack,
  type LookedUp,
  type NetworkNews,
  type Refund,
  type Refunded,
  type Tokenised,
} from '../port.ts';
import { CARD_LIMIT, isOver } from './cards.ts';
import type { BookEntry, DatedJob, Job, KnownCard, Result } from './messages.ts';
import { SCHEMA } from './schema.ts';

const NEWS_PAGE = 200;
const BOOK_PAGE = 1000;

interface AuthorisationRow {
  readonly position: number;
  readonly key: string;
  readonly reference: string;
  readonly token: string;
  readonly merchant: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: BookEntry['state'];
  readonly reason: string;
  readonly captured: number;
  readonly refunded: number;
  readonly charged_back: number;
  readonly at: string;
}

/** Opens the book's file for this process alone; a second one is refused. */
export function openBook(file: string): Store<DatedJob, Result> {
  const db = new Database(file, { timeout: 500 });
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(SCHEMA);
  const perform = steps(db);
  const one = db.transaction(perform);
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

function steps(db: Database.Database): (job: Job, at: string) => Result {
  const callOf = db.prepare<[string], { step: string; digest: string; outcome: string }>(
    'SELECT step, digest, outcome FROM calls WHERE key = ?',
  );
  const keepCall = db.prepare('INSERT INTO calls (key, step, digest, outcome, at) VALUES (?, ?, ?, ?, ?)');
  const cardOf = db.prepare<[string], { expiry: string; behaviour: KnownCard['behaviour'] }>(
    'SELECT expiry, behaviour FROM cards WHERE token = ?',
  );
  const byReference = db.prepare<[string], AuthorisationRow>('SELECT * FROM authorisations WHERE reference = ?');
  const byKey = db.prepare<[string], AuthorisationRow>('SELECT * FROM authorisations WHERE key = ?');

  /** The same key again: the same answer; with other content it is refused. */
  function once<T>(step: LookedUp['step'], key: string, digest: string, at: string, first: () => T): Result {
    const call = callOf.get(key);
    if (call !== undefined) {
      if (call.step !== step || call.digest !== digest) throw new KeyReused();
      return { step, outcome: JSON.parse(call.outcome) as unknown } as LookedUp;
    }
    const outcome = first();
    // A card that was refused left nothing: another one may come under the same key.
    if (step === 'tokenise' && (outcome as Tokenised).outcome === 'refused') return { step, outcome } as LookedUp;
    keepCall.run(key, step, digest, JSON.stringify(outcome), at);
    return { step, outcome } as LookedUp;
  }

  function tokenise(card: KnownCard | string): Tokenised {
    if (typeof card === 'string') return { outcome: 'refused', reason: card as never };
    const networkToken = `tok_${newId()}`;
    const { brand, lastFour, expiry, behaviour } = card;
    db.prepare('INSERT INTO cards (token, brand, last_four, expiry, behaviour) VALUES (?, ?, ?, ?, ?)').run(
      networkToken,
      brand,
      lastFour,
      expiry,
      behaviour,
    );
    return { outcome: 'tokenised', networkToken, brand, lastFour, expiry };
  }

  function authorise(
    { key, token, merchant, amount, currency }: Authorise,
    declineAll: boolean,
    at: string,
  ): Authorised {
    const reason = decline(key, token, amount, declineAll, at);
    const reference = `net_${newId()}`;
    const state = reason === undefined ? 'authorised' : 'declined';
    db.prepare(
      'INSERT INTO authorisations (key, reference, token, merchant, amount, currency, state, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ).run(key, reference, token, merchant, amount, currency, state, reason ?? 'approved', at);
    return reason === undefined
      ? { outcome: 'authorised', reference, reason: 'approved' }
      : { outcome: 'declined', reference, reason };
  }

  function decline(key: string, token: string, amount: number, declineAll: boolean, at: string) {
    if (db.prepare('SELECT 1 FROM cancelled WHERE key = ?').get(key) !== undefined) return 'cancelled';
    const card = cardOf.get(token);
    if (card === undefined) return 'card-unknown';
    if (isOver(card.expiry, new Date(at))) return 'card-expired';
    if (declineAll) return 'do-not-honour';
    if (amount > CARD_LIMIT) return 'over-limit';
    const { behaviour } = card;
    return behaviour === 'good' || behaviour === 'capture-refused' ? undefined : behaviour;
  }

  function capture({ reference, amount }: Capture): Captured {
    const row = byReference.get(reference);
    if (row === undefined) return { outcome: 'refused', reason: 'reference-unknown' };
    if (row.state === 'declined') return { outcome: 'refused', reason: 'not-authorised' };
    if (row.state === 'captured') return { outcome: 'refused', reason: 'already-captured' };
    if (row.state === 'cancelled') return { outcome: 'refused', reason: 'cancelled' };
    if (amount > row.amount) return { outcome: 'refused', reason: 'amount-too-large' };
    if (cardOf.get(row.token)?.behaviour === 'capture-refused') return { outcome: 'refused', reason: 'issuer-refused' };
    db.prepare("UPDATE authorisations SET state = 'captured', captured = ? WHERE reference = ?").run(amount, reference);
    return { outcome: 'captured', reference };
  }

  function cancel({ cancels }: Cancel): Cancelled {
    const row = byKey.get(cancels);
    if (row?.state === 'captured') return { outcome: 'refused', reason: 'already-captured' };
    if (row === undefined && callOf.get(cancels) !== undefined) throw new RequestInvalid('cancels');
    db.prepare('INSERT OR IGNORE INTO cancelled (key) VALUES (?)').run(cancels);
    db.prepare("UPDATE authorisations SET state = 'cancelled' WHERE key = ? AND state = 'authorised'").run(cancels);
    return { outcome: 'cancelled' };
  }

  function refund({ reference, amount }: Refund): Refunded {
    const row = byReference.get(reference);
    if (row === undefined) return { outcome: 'refused', reason: 'reference-unknown' };
    if (row.state !== 'captured') return { outcome: 'refused', reason: 'not-captured' };
    if (amount > leftOf(row)) return { outcome: 'refused', reason: 'amount-too-large' };
    db.prepare('UPDATE authorisations SET refunded = refunded + ? WHERE reference = ?').run(amount, reference);
    return { outcome: 'refunded', reference: `ref_${newId()}` };
  }

  function chargeBack(reference: string, amount: number, reason: string, at: string): ChargeBack {
    const row = byReference.get(reference);
    if (row === undefined) throw new RequestInvalid('reference');
    if (amount > leftOf(row)) throw new RequestInvalid('amount');
    db.prepare('UPDATE authorisations SET charged_back = charged_back + ? WHERE reference = ?').run(amount, reference);
    const dispute = `cbk_${newId()}`;
    const { lastInsertRowid } = db
      .prepare('INSERT INTO charge_backs (dispute, reference, amount, currency, reason, at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(dispute, reference, amount, row.currency, reason, at);
    return { position: `${lastInsertRowid}`, dispute, reference, amount, currency: row.currency, reason, at };
  }

  function since(position: string): NetworkNews {
    const rows = db
      .prepare<[number, number], ChargeBack & { position: number }>(
        'SELECT position, dispute, reference, amount, currency, reason, at FROM charge_backs WHERE position > ? ORDER BY position LIMIT ?',
      )
      .all(Number(position), NEWS_PAGE);
    const chargeBacks = rows.map((row) => ({ ...row, position: `${row.position}` }));
    return { chargeBacks, position: chargeBacks.at(-1)?.position ?? position };
  }

  function book(after: string, limit: number): readonly BookEntry[] {
    return db
      .prepare<[number, number], AuthorisationRow & { last_four: string | null }>(
        'SELECT a.*, c.last_four FROM authorisations a LEFT JOIN cards c ON c.token = a.token WHERE position > ? ORDER BY position LIMIT ?',
      )
      .all(Number(after), Math.min(limit, BOOK_PAGE))
      .map(({ charged_back: chargedBack, last_four: lastFour, token: _token, ...row }) => ({
        ...row,
        chargedBack,
        lastFour,
        position: `${row.position}`,
      }));
  }

  function lookUp(key: string): LookedUp {
    const call = callOf.get(key);
    if (call === undefined) return { step: 'unknown' };
    return { step: call.step, outcome: JSON.parse(call.outcome) as unknown } as LookedUp;
  }

  return (job, at) => {
    switch (job.step) {
      case 'tokenise':
        return once('tokenise', job.key, job.digest, at, () => tokenise(job.card));
      case 'authorise':
        return once('authorise', job.request.key, job.digest, at, () => authorise(job.request, job.declineAll, at));
      case 'capture':
        return once('capture', job.request.key, job.digest, at, () => capture(job.request));
      case 'cancel':
        return once('cancel', job.request.key, job.digest, at, () => cancel(job.request));
      case 'refund':
        return once('refund', job.request.key, job.digest, at, () => refund(job.request));
      case 'look-up':
        return lookUp(job.key);
      case 'since':
        return since(job.position);
      case 'charge-back':
        return chargeBack(job.reference, job.amount, job.reason, at);
      case 'book':
        return book(job.after, job.limit);
    }
  };
}

/** What was captured and neither refunded nor charged back. */
function leftOf(row: AuthorisationRow): number {
  return row.captured - row.refunded - row.charged_back;
}

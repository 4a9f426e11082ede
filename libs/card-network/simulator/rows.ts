import type Database from 'better-sqlite3';
import type { ChargeBack } from '../port.ts';
import type { BookEntry, KnownCard } from './messages.ts';

export interface AuthorisationRow {
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

export type NewAuthorisation = Pick<
  AuthorisationRow,
  'key' | 'reference' | 'token' | 'merchant' | 'amount' | 'currency' | 'state' | 'reason' | 'at'
>;
type Text = [string];

/** The statements of the book, prepared once. */
export type Rows = ReturnType<typeof prepareRows>;

export function prepareRows(db: Database.Database) {
  return {
    call: db.prepare<Text, { step: string; digest: string; outcome: string }>(
      'SELECT step, digest, outcome FROM calls WHERE key = ?',
    ),
    keepCall: db.prepare('INSERT INTO calls (key, step, digest, outcome, at) VALUES (?, ?, ?, ?, ?)'),
    card: db.prepare<Text, Pick<KnownCard, 'expiry' | 'behaviour'>>(
      'SELECT expiry, behaviour FROM cards WHERE token = ?',
    ),
    keepCard: db.prepare<[KnownCard & { token: string }]>(
      'INSERT INTO cards (token, brand, last_four, expiry, behaviour) VALUES (@token, @brand, @lastFour, @expiry, @behaviour)',
    ),
    isCancelled: db.prepare<Text>('SELECT 1 FROM cancelled WHERE key = ?'),
    keepCancelled: db.prepare<Text>('INSERT OR IGNORE INTO cancelled (key) VALUES (?)'),
    byReference: db.prepare<Text, AuthorisationRow>('SELECT * FROM authorisations WHERE reference = ?'),
    byKey: db.prepare<Text, AuthorisationRow>('SELECT * FROM authorisations WHERE key = ?'),
    keepAuthorisation: db.prepare<[NewAuthorisation]>(
      `INSERT INTO authorisations (key, reference, token, merchant, amount, currency, state, reason, at)
       VALUES (@key, @reference, @token, @merchant, @amount, @currency, @state, @reason, @at)`,
    ),
    capture: db.prepare<[number, string]>(
      "UPDATE authorisations SET state = 'captured', captured = ? WHERE reference = ?",
    ),
    cancel: db.prepare<Text>("UPDATE authorisations SET state = 'cancelled' WHERE key = ? AND state = 'authorised'"),
    refund: db.prepare<[number, string]>('UPDATE authorisations SET refunded = refunded + ? WHERE reference = ?'),
    chargeBack: db.prepare<[number, string]>(
      'UPDATE authorisations SET charged_back = charged_back + ? WHERE reference = ?',
    ),
    keepChargeBack: db.prepare<[Omit<ChargeBack, 'position'>]>(
      `INSERT INTO charge_backs (dispute, reference, amount, currency, reason, at)
       VALUES (@dispute, @reference, @amount, @currency, @reason, @at)`,
    ),
    chargeBacks: db.prepare<[number, number], Omit<ChargeBack, 'position'> & { position: number }>(
      `SELECT position, dispute, reference, amount, currency, reason, at FROM charge_backs
       WHERE position > ? ORDER BY position LIMIT ?`,
    ),
    entries: db.prepare<[number, number], AuthorisationRow & { last_four: string | null }>(
      `SELECT a.*, c.last_four FROM authorisations a LEFT JOIN cards c ON c.token = a.token
       WHERE position > ? ORDER BY position LIMIT ?`,
    ),
  };
}

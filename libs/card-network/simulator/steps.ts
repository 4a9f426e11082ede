import { newId } from '#libs/runtime/ids.ts';
import { RequestInvalid } from '../port.ts';
import type {
  Authorise,
  Authorised,
  Cancel,
  Cancelled,
  Capture,
  Captured,
  CardRefusal,
  ChargeBack,
  DeclineReason,
  Refund,
  Refunded,
  Tokenised,
} from '../port.ts';
import { CARD_LIMIT, isOver } from './cards.ts';
import type { KnownCard } from './messages.ts';
import type { AuthorisationRow, Rows } from './rows.ts';

/** What each call does to the book. Each runs once a key, within a commit (book.ts). */
export function tokenise(rows: Rows, card: KnownCard | CardRefusal): Tokenised {
  if (typeof card === 'string') return { outcome: 'refused', reason: card };
  const networkToken = `tok_${newId()}`;
  rows.keepCard.run({ ...card, token: networkToken });
  const { brand, lastFour, expiry } = card;
  return { outcome: 'tokenised', networkToken, brand, lastFour, expiry };
}

export function authorise(rows: Rows, request: Authorise, declineAll: boolean, at: string): Authorised {
  const declined = decline(rows, request, declineAll, at);
  const reference = `net_${newId()}`;
  const state = declined === undefined ? 'authorised' : 'declined';
  rows.keepAuthorisation.run({ ...request, reference, state, reason: declined ?? 'approved', at });
  return declined === undefined
    ? { outcome: 'authorised', reference, reason: 'approved' }
    : { outcome: 'declined', reference, reason: declined };
}

function decline(
  rows: Rows,
  { key, token, amount }: Authorise,
  declineAll: boolean,
  at: string,
): DeclineReason | undefined {
  if (rows.isCancelled.get(key) !== undefined) return 'cancelled';
  const card = rows.card.get(token);
  if (card === undefined) return 'card-unknown';
  if (isOver(card.expiry, new Date(at))) return 'card-expired';
  if (declineAll) return 'do-not-honour';
  if (amount > CARD_LIMIT) return 'over-limit';
  return card.behaviour === 'good' || card.behaviour === 'capture-refused' ? undefined : card.behaviour;
}

export function capture(rows: Rows, { reference, amount }: Capture): Captured {
  const row = rows.byReference.get(reference);
  if (row === undefined) return { outcome: 'refused', reason: 'reference-unknown' };
  if (row.state === 'declined') return { outcome: 'refused', reason: 'not-authorised' };
  if (row.state === 'captured') return { outcome: 'refused', reason: 'already-captured' };
  if (row.state === 'cancelled') return { outcome: 'refused', reason: 'cancelled' };
  if (amount > row.amount) return { outcome: 'refused', reason: 'amount-too-large' };
  if (rows.card.get(row.token)?.behaviour === 'capture-refused')
    return { outcome: 'refused', reason: 'issuer-refused' };
  rows.capture.run(amount, reference);
  return { outcome: 'captured', reference };
}

/** What has not arrived yet is remembered as cancelled, and declined when it comes. */
export function cancel(rows: Rows, { cancels }: Cancel): Cancelled {
  const row = rows.byKey.get(cancels);
  if (row?.state === 'captured') return { outcome: 'refused', reason: 'already-captured' };
  if (row === undefined && rows.call.get(cancels) !== undefined) throw new RequestInvalid('cancels');
  rows.keepCancelled.run(cancels);
  rows.cancel.run(cancels);
  return { outcome: 'cancelled' };
}

export function refund(rows: Rows, { reference, amount }: Refund): Refunded {
  const row = rows.byReference.get(reference);
  if (row === undefined) return { outcome: 'refused', reason: 'reference-unknown' };
  if (row.state !== 'captured') return { outcome: 'refused', reason: 'not-captured' };
  if (amount > leftOf(row)) return { outcome: 'refused', reason: 'amount-too-large' };
  rows.refund.run(amount, reference);
  return { outcome: 'refunded', reference: `ref_${newId()}` };
}

export function chargeBack(rows: Rows, reference: string, amount: number, reason: string, at: string): ChargeBack {
  const row = rows.byReference.get(reference);
  if (row === undefined) throw new RequestInvalid('reference');
  if (amount > leftOf(row)) throw new RequestInvalid('amount');
  rows.chargeBack.run(amount, reference);
  const entry = { dispute: `cbk_${newId()}`, reference, amount, currency: row.currency, reason, at };
  const { lastInsertRowid } = rows.keepChargeBack.run(entry);
  return { ...entry, position: `${lastInsertRowid}` };
}

/** What was captured and neither refunded nor charged back. */
function leftOf(row: AuthorisationRow): number {
  return row.captured - row.refunded - row.charged_back;
}

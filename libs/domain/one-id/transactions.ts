import { Refused } from '../refused.ts';
import type { CloseTransaction, OpenTransaction } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { active, living } from './guards.ts';
import { consented } from './palms.ts';
import { transactionByTicket, usablePalms, type Active, type Living, type OneIdState } from './state.ts';

/** Far more than a person begins at once; a bound for the state's size and for a device gone wild. */
export const MOST_OPEN = 256;

/** A ticket is good for two minutes from the moment when the palm was recognised. */
export const TICKET_LIVES_MS = 2 * 60 * 1000;

/** Decided here alone: no view and no index, however late, opens a transaction. */
export function openTransaction(command: OpenTransaction, state: OneIdState): readonly OneIdEvent[] {
  const before = transactionByTicket(state, command.ticketHash);
  if (before?.kind === command.kind) return [];
  // A ticket opens one thing.
  if (before) throw new Refused('ticket-used', 'This ticket was used already.');
  const one = active(state, command.at);
  mayOpen(one, command);
  const { kind, settleBy, ticketHash, sealed } = command;
  const clear = { number: one.transactions.next, kind, settleBy, ticketHash };
  return [{ type: 'TransactionOpened', clear, sealed }];
}

function mayOpen(one: Active, command: OpenTransaction): void {
  ticketIsFresh(one, command);
  if (!(Date.parse(command.settleBy) > Date.parse(command.at)))
    throw new Refused('settle-by-in-past', 'A transaction settles later than it opens.', 'invalid');
  consented(one);
  if (one.suspended) throw new Refused('one-id-suspended', 'This One ID is suspended.', 'forbidden');
  // The member's own pause stops every use but the one that can end it.
  if (one.paused && command.kind !== 'manage')
    throw new Refused('one-id-paused', 'This One ID is paused.', 'forbidden');
  if (!usablePalms(one).some(({ palm }) => palm === command.palm))
    throw new Refused('palm-not-usable', 'This palm opens nothing.', 'forbidden');
  if (one.transactions.open.length >= MOST_OPEN)
    throw new Refused('too-many-open', 'Too many transactions are open.', 'conflict');
}

/**
 * Only so many used tickets are remembered. One that was given before the latest forgotten opening could be a forgotten one,
 * so it is refused: a ticket opens one thing, and the state stays small even in a burst.
 */
function ticketIsFresh({ transactions }: Active, { at, ticketExpiresAt }: OpenTransaction): void {
  const [now, expires, forgotten] = [at, ticketExpiresAt, transactions.forgottenUpTo].map(Date.parse) as Moments;
  // Forgotten ahead of now: a clock was set back since. Nobody is locked out by it.
  const mayBeForgotten = forgotten <= now && expires - TICKET_LIVES_MS <= forgotten;
  if (!(now < expires) || mayBeForgotten) throw new Refused('ticket-expired', 'The ticket has expired.');
}
type Moments = [now: number, expires: number, forgotten: number];

/** Allowed in every standing: what was begun is always brought to an end. */
export function closeTransaction(command: CloseTransaction, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  const { number, outcome } = command;
  const open = one.transactions.open.find((candidate) => candidate.number === number);
  if (!open) return closedAlready(command, one);
  if (open.kind === 'enrolment')
    throw new Refused('enrolment-open', 'An enrolment ends by being completed or erased.', 'invalid');
  return [{ type: 'TransactionClosed', clear: { number, outcome } }];
}

/** Whoever wakes up late finds itself too late: a second end is never a different one. */
function closedAlready({ number, outcome }: CloseTransaction, one: Living): readonly OneIdEvent[] {
  const ended = one.transactions.ended.find((candidate) => candidate.number === number);
  if (ended?.outcome === outcome) return [];
  const known = Number.isInteger(number) && number >= 1 && number < one.transactions.next;
  if (!known) throw new Refused('transaction-unknown', 'There is no such transaction.', 'missing');
  throw new Refused(
    'transaction-closed',
    'This transaction has ended.',
    'conflict',
    ended ? { outcome: ended.outcome } : {},
  );
}

import { Refused } from '../refused.ts';
import type { CompleteEnrolment, GiveConsent, StartEnrolment, WithdrawConsent } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { requested } from './erasing.ts';
import { changeable, living, palmPresent } from './guards.ts';
import { isLiving, usablePalms, verifiedPhones, type Enrolling, type OneIdState } from './state.ts';
import { transactionByTicket } from './state.ts';

/** An enrolment that takes longer has failed: nobody's half of a person is kept for more than a day. */
const ENROLMENT_MS = 24 * 60 * 60 * 1000;

/** The enrolment is transaction 1, so that it is settled like every other, and an erasure finds its streams. */
export function startEnrolment(command: StartEnrolment, state: OneIdState): readonly OneIdEvent[] {
  if (state.status !== 'unknown') return startedAlready(command, state);
  const { at, enrolBy, ticketHash, streams, sealed } = command;
  const length = Date.parse(enrolBy) - Date.parse(at);
  if (!(length > 0 && length <= ENROLMENT_MS))
    throw new Refused('enrol-by-out-of-range', 'An enrolment is completed within 24 hours.', 'invalid');
  return [
    { type: 'EnrolmentStarted', clear: { enrolBy }, sealed },
    {
      type: 'TransactionOpened',
      clear: { number: 1, kind: 'enrolment', settleBy: enrolBy, ticketHash },
      sealed: { streams, ...sealed },
    },
  ];
}

function startedAlready(command: StartEnrolment, state: OneIdState): readonly OneIdEvent[] {
  if (isLiving(state) && transactionByTicket(state, command.ticketHash)) return [];
  if (isLiving(state)) throw new Refused('one-id-exists', 'This One ID exists already.');
  throw new Refused('one-id-closed', 'This One ID is closed.', 'gone');
}

/** A newer text is agreed to anew; the same one twice says nothing. */
export function giveConsent(command: GiveConsent, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (one.consent === command.version) return [];
  return [{ type: 'ConsentGiven', clear: { version: command.version }, sealed: command.sealed }];
}

/** Without consent nothing may be kept, so it is an erasure; a code alone could be a thief's, so it needs the palm. */
export function withdrawConsent(command: WithdrawConsent, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (one.status === 'leaving' && one.consent === null) return [];
  if (one.consent === null) throw new Refused('consent-missing', 'No consent is given.');
  const may = changeable(one, command.at);
  if (may.status === 'active') palmPresent(may, command.transaction);
  return [
    { type: 'ConsentWithdrawn', clear: { version: one.consent }, sealed: command.sealed },
    ...requested(may, 'consent-withdrawn', command.erasure),
  ];
}

export function completeEnrolment(command: CompleteEnrolment, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (one.status === 'active') return [];
  const missing = missingParts(one);
  if (missing.length > 0)
    throw new Refused('enrolment-incomplete', `Still missing: ${missing.join(', ')}.`, 'conflict', { missing });
  return [
    { type: 'EnrolmentCompleted', clear: {}, sealed: command.sealed },
    ...one.transactions.open.map((open): OneIdEvent => ({
      type: 'TransactionClosed',
      clear: { number: open.number, outcome: 'completed' },
    })),
  ];
}

/** Recognised by a palm, pays by a card, is told by a phone, and has agreed to it. */
function missingParts(one: Enrolling): readonly string[] {
  const parts: readonly (readonly [string, boolean])[] = [
    ['consent', one.consent !== null],
    ['palm', usablePalms(one).length > 0],
    ['card', one.cards.length > 0],
    ['phone', verifiedPhones(one).length > 0],
  ];
  return parts.filter(([, there]) => !there).map(([part]) => part);
}

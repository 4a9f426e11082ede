import type { OneIdEvent, TransactionKind } from '#libs/domain/one-id/events.ts';
import type { OpenTransaction } from '#libs/domain/one-id/commands.ts';
import { at, type At } from './given.ts';

/** A member's past for given/when/then: Ada enrolled on the first of March 2026, at nine. */
export const nine = '2026-03-01T09:00:00.000Z';
export const ten = '2026-03-01T10:00:00.000Z';
export const nextDayNine = '2026-03-02T09:00:00.000Z';

const place = { device: 'device-1', site: 'site-1', merchant: 'merchant-1' };
const signature = { presealed: new Uint8Array([1, 2, 3]) };
export const erasure = { erasure: 'erasure-1' };

export const started: readonly OneIdEvent[] = [
  { type: 'EnrolmentStarted', clear: { enrolBy: nextDayNine }, sealed: place },
  {
    type: 'TransactionOpened',
    clear: { number: 1, kind: 'enrolment', settleBy: nextDayNine, ticketHash: 'enrolment-hash' },
    sealed: { streams: ['claim-1'], ...place },
  },
];
export const consent: OneIdEvent = {
  type: 'ConsentGiven',
  clear: { version: '1' },
  sealed: { language: 'en', device: 'device-1' },
};
export function palm(ref: string, hand: 'left' | 'right', modelVersion = 'm1'): OneIdEvent {
  return { type: 'PalmEnrolled', clear: { palm: ref, hand, modelVersion }, sealed: signature };
}
export function matchable(ref: string): OneIdEvent {
  return { type: 'PalmMatchable', clear: { palm: ref } };
}
export function duplicate(ref: string): OneIdEvent {
  return { type: 'PalmDuplicateFound', clear: { palm: ref }, sealed: { oneId: 'oneId-other' } };
}
export function card(ref: string): OneIdEvent {
  return {
    type: 'CardAdded',
    clear: { card: ref },
    sealed: { token: 't', brand: 'visa', lastFour: '0000', expiry: '12/30' },
  };
}
export function defaultCard(ref: string): OneIdEvent {
  return { type: 'CardMadeDefault', clear: { card: ref } };
}
export function phone(ref: string): OneIdEvent {
  return { type: 'PhoneAdded', clear: { phone: ref }, sealed: { number: '+4100' } };
}
export function verified(ref: string): OneIdEvent {
  return { type: 'PhoneVerified', clear: { phone: ref } };
}
export const completed: readonly OneIdEvent[] = [
  { type: 'EnrolmentCompleted', clear: {}, sealed: { durationMs: 40_000, device: 'device-1' } },
  { type: 'TransactionClosed', clear: { number: 1, outcome: 'completed' } },
];
/** All that an enrolment needs, but not completed. */
export const readyToComplete: readonly OneIdEvent[] = [
  ...started,
  consent,
  palm('left-1', 'left'),
  matchable('left-1'),
  card('card-1'),
  defaultCard('card-1'),
  phone('phone-1'),
  verified('phone-1'),
];
export const enrolled: readonly At<OneIdEvent>[] = [...readyToComplete, ...completed].map((event) => at(nine, event));

export function opened(number: number, kind: TransactionKind, ticketHash = `hash-${number}`): OneIdEvent {
  return {
    type: 'TransactionOpened',
    clear: { number, kind, settleBy: '2026-03-01T12:00:00.000Z', ticketHash },
    sealed: { streams: [], ...place },
  };
}
export function closed(
  number: number,
  outcome: Extract<OneIdEvent, { type: 'TransactionClosed' }>['clear']['outcome'] = 'completed',
): OneIdEvent {
  return { type: 'TransactionClosed', clear: { number, outcome } };
}
/** A ticket that was given at ten o'clock for the left palm. */
export function open(change: Partial<OpenTransaction> = {}): OpenTransaction {
  return {
    type: 'OpenTransaction',
    at: ten,
    kind: 'payment',
    palm: 'left-1',
    settleBy: '2026-03-01T10:15:00.000Z',
    ticketHash: 'new-hash',
    ticketExpiresAt: '2026-03-01T10:02:00.000Z',
    sealed: { streams: ['payment-1'], ...place },
    ...change,
  };
}

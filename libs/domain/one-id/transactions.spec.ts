import { describe, expect, it } from '@jest/globals';
import { at, given, type At } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { isLiving, transactionByTicket } from './state.ts';
import { MOST_OPEN } from './transactions.ts';

const paused: OneIdEvent = { type: 'Paused', clear: { reason: 'lost' } };
const suspended: OneIdEvent = { type: 'Suspended', clear: { reason: 'fraud' } };
const leaving: OneIdEvent = { type: 'ErasureRequested', clear: { reason: 'member' } };
const opened = at(past.ten, past.opened(2, 'payment', 'new-hash'));
const close = (outcome: 'completed' | 'voided', time = past.ten) =>
  ({ type: 'CloseTransaction', at: time, number: 2, outcome }) as const;

describe('opening a transaction', () => {
  it('gives it the next number', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(past.open())
      .then({
        type: 'TransactionOpened',
        clear: { number: 2, kind: 'payment', settleBy: '2026-03-01T10:15:00.000Z', ticketHash: 'new-hash' },
      });
  });
  it('with the same ticket twice is opening it once, open or ended', () => {
    given(oneIdDecider, ...past.enrolled, opened)
      .when(past.open())
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, opened, at(past.ten, past.closed(2)))
      .when(past.open())
      .thenNothing();
  });
  it('with a ticket that opened something else is refused', () => {
    given(oneIdDecider, ...past.enrolled, opened)
      .when(past.open({ kind: 'visit' }))
      .thenRefused('ticket-used');
  });
  it('is refused with a ticket that has expired, since its hash may be forgotten', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(past.open({ at: '2026-03-01T10:02:00.000Z' }))
      .thenRefused('ticket-expired');
    given(oneIdDecider, ...past.enrolled)
      .when(past.open({ ticketExpiresAt: 'soon' }))
      .thenRefused('ticket-expired');
  });
  it('is refused where it would settle before it opens', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(past.open({ settleBy: past.ten }))
      .thenRefused('settle-by-in-past');
  });
  it('is refused for a palm that is removed, unknown or not yet searched', () => {
    const waiting = given(oneIdDecider, ...past.enrolled, past.palm('right-1', 'right'));
    waiting.when(past.open({ palm: 'right-1' })).thenRefused('palm-not-usable');
    waiting.when(past.open({ palm: 'none' })).thenRefused('palm-not-usable');
    given(oneIdDecider, ...past.enrolled, past.palm('right-1', 'right'), past.matchable('right-1'), {
      type: 'PalmRemoved',
      clear: { palm: 'left-1' },
    })
      .when(past.open())
      .thenRefused('palm-not-usable');
  });
  it('is refused while enrolling, for nobody, and once expired or leaving', () => {
    given(oneIdDecider).when(past.open()).thenRefused('one-id-unknown');
    given(oneIdDecider, ...past.readyToComplete)
      .when(past.open())
      .thenRefused('enrolment-not-completed');
    given(oneIdDecider, ...past.enrolled, { type: 'OneIdExpired', clear: { expiresOn: past.ten } })
      .when(past.open())
      .thenRefused('one-id-expired');
    given(oneIdDecider, ...past.enrolled, leaving)
      .when(past.open())
      .thenRefused('erasure-requested');
  });
  it('is refused while paused, but for managing it, and while suspended for everything', () => {
    const stopped = given(oneIdDecider, ...past.enrolled, paused);
    stopped.when(past.open()).thenRefused('one-id-paused');
    stopped.when(past.open({ kind: 'manage' })).then({
      type: 'TransactionOpened',
      clear: { number: 2, kind: 'manage', settleBy: '2026-03-01T10:15:00.000Z', ticketHash: 'new-hash' },
    });
    given(oneIdDecider, ...past.enrolled, suspended)
      .when(past.open({ kind: 'manage' }))
      .thenRefused('one-id-suspended');
  });
  it('has a bound', () => {
    const many = Array.from({ length: MOST_OPEN }, (_, index) => past.opened(index + 2, 'payment'));
    given(oneIdDecider, ...past.enrolled, ...many)
      .when(past.open())
      .thenRefused('too-many-open');
  });
});

describe('closing a transaction', () => {
  it('ends it once, with one outcome', () => {
    given(oneIdDecider, ...past.enrolled, opened)
      .when(close('completed'))
      .then(past.closed(2));
    const ended = given(oneIdDecider, ...past.enrolled, opened, at(past.ten, past.closed(2)));
    ended.when(close('completed')).thenNothing();
    ended.when(close('voided')).thenRefused('transaction-closed');
  });
  it('is possible when it may no longer be opened', () => {
    given(oneIdDecider, ...past.enrolled, opened, paused, suspended, leaving)
      .when(close('voided'))
      .then(past.closed(2, 'voided'));
  });
  it('that never opened is refused', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(close('completed'))
      .thenRefused('transaction-unknown');
  });
  it('that ended long ago is refused, so that nobody late takes it for its own end', () => {
    given(oneIdDecider, ...past.enrolled, opened, at(past.ten, past.closed(2, 'voided')), ...uses(64, 60_000, 3))
      .when(close('completed', '2026-03-01T12:00:00.000Z'))
      .thenRefused('transaction-closed');
  });
});

describe('what is remembered of transactions', () => {
  it('the open one with its time to settle, by its ticket', () => {
    const { state } = given(oneIdDecider, ...past.enrolled, opened);
    expect(transactionByTicket(state, 'new-hash')).toMatchObject({
      number: 2,
      kind: 'payment',
      settleBy: '2026-03-01T12:00:00.000Z',
    });
    expect(transactionByTicket(state, 'other')).toBeUndefined();
  });
  it.each([3_600_000, 1])('is small after 5,000 uses, %i ms apart', (gap) => {
    const { state } = given(oneIdDecider, ...past.enrolled, ...uses(5_000, gap));
    expect(isLiving(state) && state.transactions).toMatchObject({ next: 5_002, open: [] });
    expect(JSON.stringify(state).length).toBeLessThan(15_000);
  });
  it('is enough to refuse a forgotten ticket, and not a fresh one', () => {
    const burst = given(oneIdDecider, ...past.enrolled, opened, at(past.ten, past.closed(2)), ...uses(64, 1, 3));
    expect(transactionByTicket(burst.state, 'new-hash')).toBeUndefined();
    burst.when(past.open({ at: '2026-03-01T10:00:01.000Z' })).thenRefused('ticket-expired');
    burst.when(past.open({ at: '2026-03-01T10:00:01.000Z', ticketExpiresAt: '2026-03-01T10:02:00.500Z' })).then({
      type: 'TransactionOpened',
      clear: { number: 67 },
    } as OneIdEvent);
  });
  it('locks nobody out after a clock that was years ahead', () => {
    const ahead = '2031-01-01T00:00:00.000Z';
    const wild = Array.from({ length: 65 }, (_, index) => [
      at(ahead, past.opened(index + 2, 'check')),
      at(ahead, past.closed(index + 2)),
    ]).flat();
    given(oneIdDecider, ...past.enrolled, ...wild)
      .when(past.open())
      .then({ type: 'TransactionOpened', clear: { number: 67 } } as OneIdEvent);
  });
});

/** Payments that came and went, the first just after ten. */
function uses(count: number, gap: number, first = 2): At<OneIdEvent>[] {
  const start = Date.parse(past.ten);
  return Array.from({ length: count }, (_, index) => {
    const time = new Date(start + (index + 1) * gap).toISOString();
    return [at(time, past.opened(index + first, 'payment')), at(time, past.closed(index + first))];
  }).flat();
}

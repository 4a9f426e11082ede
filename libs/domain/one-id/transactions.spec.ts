import { describe, expect, it } from '@jest/globals';
import { at, given } from '#libs/testing/given.ts';
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
    given(
      oneIdDecider,
      ...past.enrolled,
      opened,
      at(past.ten, past.closed(2, 'voided')),
      at('2026-03-01T11:00:00.000Z', past.opened(3, 'check')),
    )
      .when(close('completed', '2026-03-01T11:00:00.000Z'))
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
  it('is small after 5,000 uses', () => {
    const start = Date.parse(past.ten);
    const uses = Array.from({ length: 5_000 }, (_, index) => {
      const time = new Date(start + index * 3_600_000).toISOString();
      return [at(time, past.opened(index + 2, 'payment')), at(time, past.closed(index + 2))];
    }).flat();
    const { state } = given(oneIdDecider, ...past.enrolled, ...uses);
    expect(isLiving(state) && state.transactions).toMatchObject({ next: 5_002, open: [] });
    expect(JSON.stringify(state).length).toBeLessThan(2_000);
  });
});

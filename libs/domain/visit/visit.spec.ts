import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '#libs/testing/given.ts';
import { live } from '#libs/testing/life.ts';
import type { StartVisit, VisitCommand } from './commands.ts';
import { visitDecider } from './decider.ts';
import type { VisitEvent } from './events.ts';
import { cartOf, nextStep, outcomeOf, totalOf } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const owner = { oneId: 'someone', transaction: 1, pseudonym: 'a-pseudonym', payment: 'a-payment' };
const place = { merchant: 'shop', site: 'corner', gate: 'north', currency: 'EUR' };
const start: StartVisit = { type: 'StartVisit', at: now, ...place, owner };
const take = (line: string, quantity: number, unitPrice = 250, article = 'apple'): VisitCommand => ({
  type: 'TakeItem',
  at: now,
  line,
  article,
  quantity,
  unitPrice,
});
const putBack = (line: string, quantity: number, unitPrice = 250, article = 'apple'): VisitCommand => ({
  type: 'PutBackItem',
  at: now,
  line,
  article,
  quantity,
  unitPrice,
});
const end: VisitCommand = { type: 'EndVisit', at: now, ticketHash: 't1' };
const charge: VisitCommand = { type: 'RecordVisitCharged', at: now };
const abandon: VisitCommand = { type: 'AbandonVisit', at: now, reason: 'timeout' };

const started: VisitEvent = { type: 'VisitStarted', clear: place };
const taken = (line: string, quantity: number, unitPrice = 250, article = 'apple'): VisitEvent => ({
  type: 'ItemTaken',
  clear: { line, article, quantity, unitPrice },
});
const returned = (line: string, quantity: number, unitPrice = 250, article = 'apple'): VisitEvent => ({
  type: 'ItemPutBack',
  clear: { line, article, quantity, unitPrice },
});
const ended = (total: number): VisitEvent => ({ type: 'VisitEnded', clear: { total, ticketHash: 't1' } });
const charged = (total: number): VisitEvent => ({ type: 'VisitCharged', clear: { total } });
const abandoned: VisitEvent = { type: 'VisitAbandoned', clear: { reason: 'timeout' } };
const visit = (...past: VisitEvent[]) => given(visitDecider, ...past);

describe('A visit', () => {
  it('starts at a gate, its owner sealed', () => {
    visit().when(start).then({ type: 'VisitStarted', clear: place, sealed: owner });
  });
  it('starts once', () => {
    visit(started).when(start).thenNothing();
    visit(started, taken('1', 1), ended(250)).when(start).thenNothing();
    visit(started)
      .when({ ...start, gate: 'south' })
      .thenRefused('visit-already-started');
    visit()
      .when({ ...start, currency: 'XXQ' })
      .thenRefused('invalid-currency');
  });
  it('does not start once it was abandoned', () => {
    visit(abandoned).when(start).thenRefused('visit-abandoned');
  });
});

describe("A visit's cart", () => {
  it('fills and empties', () => {
    visit(started).when(take('1', 2)).then(taken('1', 2));
    visit(started, taken('1', 2)).when(putBack('2', 2)).then(returned('2', 2));
    const { state } = visit(started, taken('1', 2), taken('2', 1, 99, 'pear'), returned('3', 2), taken('4', 1, 200));
    expect(cartOf(state)).toEqual([
      { article: 'pear', unitPrice: 99, quantity: 1 },
      { article: 'apple', unitPrice: 200, quantity: 1 },
    ]);
    expect(totalOf(state)).toBe(299);
  });
  it('never holds less than nothing', () => {
    visit(started).when(putBack('1', 1)).thenRefused('not-in-cart');
    visit(started, taken('1', 2), returned('2', 1)).when(putBack('3', 2)).thenRefused('not-in-cart');
    visit(started, taken('1', 2))
      .when(putBack('3', 1, 249))
      .thenRefused('not-in-cart');
    visit(started, taken('1', 2))
      .when(putBack('3', 1, 250, 'pear'))
      .thenRefused('not-in-cart');
  });
  it('knows a movement again, also after the end', () => {
    visit(started, taken('1', 2)).when(take('1', 2)).thenNothing();
    visit(started, taken('1', 2), returned('2', 1)).when(putBack('2', 1)).thenNothing();
    visit(started, taken('1', 2), ended(500)).when(take('1', 2)).thenNothing();
    for (const other of [take('1', 3), take('1', 2, 1), take('1', 2, 250, 'pear'), putBack('1', 2)])
      visit(started, taken('1', 2)).when(other).thenRefused('line-reference-used');
  });
  it.each([0, -1, 1.5, Number.NaN, 1_001])('refuses a quantity of %d', (quantity) => {
    visit(started).when(take('1', quantity)).thenRefused('invalid-quantity');
  });
  it.each([-1, 0.5, 1_000_000_000])('refuses a price of %d', (price) => {
    visit(started)
      .when(take('1', 1, price))
      .thenRefused('invalid-price');
  });
  it('refuses what has no name', () => {
    visit(started).when(take(' ', 1)).thenRefused('invalid-line');
    visit(started)
      .when(take('1', 1, 1, ''))
      .thenRefused('invalid-article');
  });
  it('has its limits', () => {
    visit(started)
      .when(take('1', 2, 500_000_000))
      .thenRefused('cart-too-large');
    visit(started, taken('1', 1, 999_999_999))
      .when(take('2', 1, 1))
      .thenRefused('cart-too-large');
    const full = Array.from({ length: 1_000 }, (_, n) => taken(`${n}`, 1, 0));
    visit(started, ...full)
      .when(take('one-more', 1))
      .thenRefused('too-many-lines');
  });
  it('takes nothing before the start nor after the end', () => {
    visit().when(take('1', 1)).thenRefused('visit-not-found');
    visit(started, ended(0)).when(take('1', 1)).thenRefused('visit-already-ended');
    visit(started, abandoned).when(putBack('1', 1)).thenRefused('visit-abandoned');
  });
});

describe("A visit's end", () => {
  it('computes the total from the cart', () => {
    visit(started, taken('1', 3), returned('2', 1)).when(end).then(ended(500));
  });
  it('comes once', () => {
    visit(started, taken('1', 1), ended(250)).when(end).thenNothing();
    visit(started, taken('1', 1), ended(250), charged(250)).when(end).thenNothing();
    visit(started, ended(0))
      .when({ ...end, ticketHash: 't2' })
      .thenRefused('visit-already-ended');
    visit().when(end).thenRefused('visit-not-found');
    visit(abandoned).when(end).thenRefused('visit-abandoned');
  });
  it('is charged once', () => {
    visit(started, taken('1', 1), ended(250)).when(charge).then(charged(250));
    visit(started, taken('1', 1), ended(250), charged(250)).when(charge).thenNothing();
    visit(started, taken('1', 1)).when(charge).thenRefused('visit-not-ended');
    visit().when(charge).thenRefused('visit-not-found');
  });
  it('is no payment where nothing was taken', () => {
    visit(started).when(end).then(ended(0));
    visit(started, ended(0)).when(charge).thenRefused('nothing-to-charge');
    expect(nextStep(visit(started, ended(0)).state)).toBeUndefined();
    expect(outcomeOf(visit(started, ended(0)).state)).toBe('completed');
  });
  it('may be that it is abandoned, before it starts as well, but not when it is over', () => {
    for (const past of [[], [started], [started, taken('1', 1), ended(250)]])
      visit(...past)
        .when(abandon)
        .then(abandoned);
    visit(started, abandoned).when(abandon).thenNothing();
    visit(started, ended(0)).when(abandon).thenRefused('visit-over');
    visit(started, taken('1', 1), ended(250), charged(250)).when(abandon).thenRefused('visit-over');
  });
  it('tells whoever finds it half-way what to do', () => {
    expect(nextStep(visit(started).state)).toEqual({ do: 'await-end' });
    expect(nextStep(visit(started, taken('1', 1), ended(250)).state)).toEqual({ do: 'charge', total: 250 });
    expect(outcomeOf(visit(started, taken('1', 1), ended(250)).state)).toBeUndefined();
    expect(outcomeOf(visit(started, taken('1', 1), ended(250), charged(250)).state)).toBe('completed');
    expect(outcomeOf(visit(started, abandoned).state)).toBe('abandoned');
    expect(cartOf(visit().state)).toEqual([]);
    expect(totalOf(visit().state)).toBe(0);
  });
});

const line = fc.constantFrom('1', '2', '3', '4', '5', '6');
const quantity = fc.integer({ min: -1, max: 4 });
const price = fc.constantFrom(0, 100, 250);
const anything: fc.Arbitrary<VisitCommand> = fc.oneof(
  fc.tuple(line, quantity, price).map(([reference, count, unitPrice]) => take(reference, count, unitPrice)),
  fc.tuple(line, quantity, price).map(([reference, count, unitPrice]) => putBack(reference, count, unitPrice)),
  fc.constantFrom<VisitCommand>(start, end, charge, abandon, { ...end, ticketHash: 't2' }),
);

describe('In any life of a visit', () => {
  it('a repeated command decides nothing, the cart is never negative, and the total charged is what the cart said', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (commands) => {
        const { state, events, states } = live(visitDecider, [start, ...commands]);
        for (const one of states) expect(totalOf(one)).toBeGreaterThanOrEqual(0);
        const charges = events.filter(({ type }) => type === 'VisitCharged');
        expect(charges.length).toBeLessThanOrEqual(1);
        if (charges[0]) expect(charges[0].clear).toEqual({ total: totalOf(state) });
        const counted = cartOf(state).reduce((total, one) => total + one.quantity * one.unitPrice, 0);
        expect(counted).toBe(totalOf(state));
        expect(JSON.stringify(state)).not.toContain('a-pseudonym');
      }),
      { numRuns: 300 },
    );
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutcomeUnknown } from '#libs/card-network/port.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import { openWorks, type Works } from '#libs/testing/works.ts';
import type { DeviceCaller } from '#libs/use-cases/callers.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { payByPalm } from '#libs/use-cases/payment/pay.ts';
import { enterByPalm } from '#libs/use-cases/visit/enter.ts';
import { payments } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { settleTransactions } from './settle.ts';

describe('Transactions that were left half-way', () => {
  let works: Works;
  let anna: TownMember;
  let shop: DeviceCaller;
  beforeEach(async () => {
    works = await openWorks();
    anna = await works.member('anna', '+41791110001');
    shop = await works.town.shop();
  });
  afterEach(() => works.close());

  const pay = (deps: Deps, amount: number) => {
    const request = asked(shop);
    const ticket = works.town.ticket(anna, 'pay', request);
    return payByPalm(deps, { caller: shop, request, ticket, amount, currency: 'CHF' });
  };
  const network = () => works.town.house.parts.network;
  const open = async () => {
    const state = await works.state(anna.stream);
    return 'transactions' in state ? state.transactions.open : [];
  };
  const ended = async () => {
    const state = await works.state(anna.stream);
    return 'transactions' in state ? state.transactions.ended.map(({ outcome }) => outcome) : [];
  };
  const phase = async (payment: string) => (await load(works.deps.ledger, payments, `payment-${payment}`)).state.phase;
  const later = (seconds: number): void =>
    works.town.house.clock.moveTo(new Date(works.deps.clock.now().getTime() + seconds * 1_000));

  it('given a network that is down, the till hears "unknown"; once it is up the payment is taken back, and nothing was charged', async () => {
    network().control({ mode: 'down' });
    const { payment, state } = await works.pay(anna, shop, 1250);
    expect(state).toBe('unknown');
    await settleTransactions(works.deps, anna.stream);
    expect(await open()).toHaveLength(1);
    later(121);
    await expect(settleTransactions(works.deps, anna.stream)).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(await phase(payment)).toBe('void-requested');
    network().control({ mode: 'normal' });
    await settleTransactions(works.deps, anna.stream);
    await settleTransactions(works.deps, anna.stream);
    expect(await phase(payment)).toBe('voided');
    expect(await open()).toEqual([]);
    expect(await ended()).toContain('voided');
    expect((await network().book()).every(({ captured }) => captured === 0)).toBe(true);
  });

  it('given an answer that comes too late, the money in the book is what the ledger says', async () => {
    network().control({ mode: 'late', delayMs: 400 });
    const deps = { ...works.deps, policy: { ...works.deps.policy, networkDeadlineMs: 50 } };
    const { payment } = await pay(deps, 990);
    later(121);
    await settleTransactions(deps, anna.stream).catch(() => undefined);
    network().control({ mode: 'normal' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    await settleTransactions(works.deps, anna.stream);
    const state = await phase(payment);
    const captured = (await network().book()).reduce((sum, one) => sum + one.captured, 0);
    expect(captured).toBe(state === 'captured' ? 990 : 0);
    expect(await open()).toEqual([]);
  });

  it('given a capture that was asked for, it goes only forward', async () => {
    const real = works.deps.network;
    const silent = { ...real, capture: () => Promise.reject(new OutcomeUnknown('deadline')) };
    const paid = await pay({ ...works.deps, network: silent }, 700);
    expect(paid.state).toBe('unknown');
    later(121);
    await settleTransactions(works.deps, anna.stream);
    expect(await phase(paid.payment)).toBe('captured');
    expect(await ended()).toContain('completed');
    expect((await network().book()).map(({ captured }) => captured)).toEqual([700]);
  });

  it('given a visit that nobody ended, it is over after its time, and nothing is charged', async () => {
    const request = asked(shop);
    const ticket = works.town.ticket(anna, 'enter', request);
    await enterByPalm(works.deps, { caller: shop, request, ticket });
    later(3_600);
    await settleTransactions(works.deps, anna.stream);
    expect(await open()).toHaveLength(1);
    later(6 * 3_600);
    await settleTransactions(works.deps, anna.stream);
    expect(await open()).toEqual([]);
    expect(await network().book()).toEqual([]);
  });

  it('given two that settle at once, it ends once', async () => {
    network().control({ mode: 'down' });
    await works.pay(anna, shop, 1250);
    network().control({ mode: 'normal' });
    later(121);
    await Promise.all([1, 2, 3].map(() => settleTransactions(works.deps, anna.stream)));
    expect(await ended()).toEqual(['completed', 'voided']);
  });
});

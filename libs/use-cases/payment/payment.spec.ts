import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { amountsOf } from '#libs/domain/payment/state.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { open } from '#libs/event-codec/codec.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import type { Request } from '../claim/claim.ts';
import { oneIds, payments } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { closeTransaction } from './close.ts';
import { payByPalm, type Pay } from './pay.ts';
import { readPayment } from './read.ts';
import { refundPayment } from './refund.ts';
import { settlePayment } from './settle.ts';
import { voidPayment } from './void.ts';

const SYSTEM = { actor: 'system', about: { who: 'system/test' } } as const;
let town: Town;
let member: TownMember;
let till: DeviceCaller;
beforeAll(async () => {
  town = await openTown();
  till = await town.shop();
});
beforeEach(async () => {
  town.house.parts.network.control({ mode: 'normal' });
  member = await town.member();
});
afterAll(() => town.close());

const quick = () => ({ ...town.deps, policy: { ...town.deps.policy, networkDeadlineMs: 150 } });
function sale(amount = 1250, request: Request = asked(till)): Pay {
  return { caller: till, request, ticket: town.ticket(member, 'pay', request), amount, currency: 'CHF' };
}
const pay = (input: Pay) => payByPalm(quick(), input);
const bookOf = async (payment: string) => {
  const { state } = await load(town.deps.ledger, payments, `payment-${payment}`);
  const network = 'network' in state ? state.network : undefined;
  return (await town.house.parts.network.book('0', 1_000)).filter(({ reference }) => reference === network);
};
async function openTransactions(): Promise<number> {
  const { state } = await load(town.deps.ledger, oneIds, member.stream);
  return isLiving(state) ? state.transactions.open.length : 0;
}

describe('paying by palm', () => {
  it('captures once and leaves nothing open; the same request again answers the same', async () => {
    const input = sale();
    const paid = await pay(input);
    expect(paid).toMatchObject({ state: 'captured', captured: 1250, left: 1250, currency: 'CHF' });
    expect(await pay(input)).toMatchObject({ payment: paid.payment, state: 'captured' });
    expect(await openTransactions()).toBe(0);
    expect(await bookOf(paid.payment)).toHaveLength(1);
  });

  it('given the same request a hundred times at once, is one payment', async () => {
    const input = sale(990);
    const all = await Promise.all(Array.from({ length: 100 }, () => pay(input)));
    expect(new Set(all.map(({ payment }) => payment)).size).toBe(1);
    expect(await bookOf(all[0]!.payment)).toHaveLength(1);
    expect(await openTransactions()).toBe(0);
  });

  it('given the same request two days later, long after its ticket, answers the first success', async () => {
    const input = sale();
    const paid = await pay(input);
    town.house.clock.moveTo(new Date(town.house.clock.now().getTime() + 2 * 86_400_000));
    expect(await pay(input)).toMatchObject({ payment: paid.payment, state: 'captured' });
  });

  it('given the same ticket under another key, is refused', async () => {
    const input = sale();
    await pay(input);
    const again = pay({ ...input, request: asked(till) });
    await expect(again).rejects.toMatchObject({ code: 'ticket-bound-elsewhere' });
  });

  it('given a network that declines, is declined once that is stored, and nothing is open', async () => {
    town.house.parts.network.control({ mode: 'decline' });
    expect(await pay(sale())).toMatchObject({ state: 'declined', captured: 0 });
    expect(await openTransactions()).toBe(0);
  });
});

describe('a network that gives no answer', () => {
  it.each(['down', 'hanging', 'late'] as const)('given it is %s, a till hears unknown, never yes', async (mode) => {
    town.house.parts.network.control({ mode, delayMs: 400 });
    const input = sale();
    const answer = await pay(input);
    expect(answer).toMatchObject({ state: 'unknown', captured: 0 });
    expect(await openTransactions()).toBe(1);
    town.house.parts.network.control({ mode: 'normal' });
    expect(await pay(input)).toMatchObject({ payment: answer.payment, state: 'captured' });
    expect(await bookOf(answer.payment)).toHaveLength(1);
  });

  it('given nobody asks again, the payment is taken back, also where the authorisation comes late', async () => {
    town.house.parts.network.control({ mode: 'late', delayMs: 300 });
    const { payment } = await pay(sale());
    town.house.parts.network.control({ mode: 'normal' });
    expect(await settlePayment(town.deps, `payment-${payment}`, SYSTEM)).toBe('voided');
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (const { captured } of await bookOf(payment)) expect(captured).toBe(0);
    expect(await readPayment(town.deps, { caller: till, payment })).toMatchObject({ state: 'voided', captured: 0 });
  });

  it('given a settler and the till at once, both end at the same', async () => {
    town.house.parts.network.control({ mode: 'down' });
    const input = sale();
    const { payment } = await pay(input);
    town.house.parts.network.control({ mode: 'normal' });
    const [again, outcome] = await Promise.all([pay(input), settlePayment(town.deps, `payment-${payment}`, SYSTEM)]);
    const { state } = await readPayment(town.deps, { caller: till, payment });
    expect(['captured', 'voided']).toContain(state);
    expect(outcome).toBe(state === 'captured' ? 'completed' : 'voided');
    expect(again.state).toBe(state);
  });
});

describe('giving money back', () => {
  it('in parts, never beyond what was captured; the same request once', async () => {
    const { payment } = await pay(sale(1000));
    const request = asked(till);
    const part = { caller: till, request, payment, amount: 400, reason: 'returned' };
    const first = await refundPayment(town.deps, part);
    expect(await refundPayment(town.deps, part)).toMatchObject({ refund: first.refund, refunded: 400, left: 600 });
    const tooMuch = refundPayment(town.deps, { ...part, request: asked(till), amount: 601 });
    await expect(tooMuch).rejects.toMatchObject({ name: 'Refused' });
    const rest = await refundPayment(town.deps, { ...part, request: asked(till), amount: 600 });
    expect(rest).toMatchObject({ refunded: 1000, left: 0 });
  });

  it("given another merchant's payment, finds none", async () => {
    const { payment } = await pay(sale());
    const stranger: PrincipalCaller = { kind: 'merchant', principal: 'p', merchant: 'another' };
    const refund = { caller: stranger, request: asked(stranger), payment, amount: 1, reason: 'x' };
    await expect(refundPayment(town.deps, refund)).rejects.toMatchObject({ code: 'payment-unknown' });
    await expect(readPayment(town.deps, { caller: stranger, payment })).rejects.toMatchObject({
      code: 'payment-unknown',
    });
  });

  it('given a captured payment, a void is refused', async () => {
    const { payment } = await pay(sale());
    const voiding = voidPayment(town.deps, { caller: till, request: asked(till), payment, reason: 'mistake' });
    await expect(voiding).rejects.toMatchObject({ name: 'Refused' });
  });
});

describe('for any history with faults', () => {
  it("the card network's own book equals the ledger, to the minor unit", async () => {
    const mode = fc.constantFrom('normal', 'slow', 'late', 'down', 'decline');
    const step = fc.record({
      mode,
      amount: fc.integer({ min: 1, max: 5_000 }),
      again: fc.boolean(),
      refund: fc.nat(6_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (history) => {
        for (const { mode, amount, again, refund } of history) await play(mode, amount, again, refund);
      }),
      { numRuns: 8 },
    );
    await equalBooks();
  }, 60_000);

  async function play(
    mode: 'normal' | 'slow' | 'late' | 'down' | 'decline',
    amount: number,
    again: boolean,
    refund: number,
  ) {
    town.house.parts.network.control({ mode, delayMs: 200 });
    const input = sale(amount);
    const { payment } = await pay(input);
    if (again) await pay(input);
    town.house.parts.network.control({ mode: 'normal' });
    const outcome = await settlePayment(town.deps, `payment-${payment}`, SYSTEM);
    const { state } = await load(town.deps.ledger, oneIds, member.stream);
    const open = isLiving(state) ? state.transactions.open : [];
    for (const { number } of open) await closeTransaction(town.deps, member.stream, number, outcome, SYSTEM);
    if (refund > 0)
      await refundPayment(quick(), {
        caller: till,
        request: asked(till),
        payment,
        amount: refund,
        reason: 'returned',
      }).catch((error: unknown) => expect(error).toMatchObject({ name: 'Refused' }));
    expect(await openTransactions()).toBe(0);
  }

  async function equalBooks(): Promise<void> {
    const told = new Map<string, { captured: number; refunded: number }>();
    const streams = new Set<string>();
    for (let after = 0n; ;) {
      const { records, next } = await town.deps.ledger.readAll({ after, limit: 1_000, types: ['PaymentRequested'] });
      for (const { stream } of records) streams.add(stream);
      if (next === after) break;
      after = next;
    }
    for (const stream of streams) {
      const { state } = await load(town.deps.ledger, payments, stream);
      if ('network' in state && state.network !== undefined) told.set(state.network, amountsOf(state));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const book = await town.house.parts.network.book('0', 1_000);
    expect(book.length).toBeGreaterThan(0);
    for (const { reference, captured, refunded } of book) {
      const { captured: c, refunded: r } = told.get(reference) ?? { captured: 0, refunded: 0 };
      expect({ reference, captured, refunded }).toEqual({ reference, captured: c, refunded: r });
    }
  }
});

describe('a One ID that may not pay', () => {
  it('given it is paused between ticket and payment, is refused by its own stream', async () => {
    const input = sale();
    const at = town.deps.clock.now().toISOString();
    await decideOn(town.deps, oneIds, member.stream, { type: 'Pause', at, reason: 'member' }, SYSTEM);
    await expect(pay(input)).rejects.toMatchObject({ code: 'one-id-paused' });
    expect(await openTransactions()).toBe(0);
  });
});

describe('a payment that something comes in between of', () => {
  const add = async (): Promise<string> => {
    const card = newId();
    await town.deps.keyring.make([`${member.stream}/${card}`]);
    const sealed = { token: `tok-${card}`, brand: 'visa', lastFour: '4242', expiry: '2031-12' } as const;
    const at = town.deps.clock.now().toISOString();
    await decideOn(town.deps, oneIds, member.stream, { type: 'AddCard', at, card, sealed }, SYSTEM);
    return card;
  };
  const remove = (card: string) =>
    decideOn(
      town.deps,
      oneIds,
      member.stream,
      { type: 'RemoveCard', at: town.deps.clock.now().toISOString(), card },
      SYSTEM,
    );
  const paidWith = async (payment: string): Promise<unknown> => {
    const [first] = await town.deps.ledger.readStream(`payment-${payment}`, { limit: 1 });
    const [event] = await open(town.deps.keyring, [first!]);
    return (event!.sealed as Record<string, unknown>)['card'];
  };

  it('given the card was removed after the plan was made, never uses it: it pays with the default of now', async () => {
    const other = await add();
    const input = sale(1310);
    const refusing = { ...quick(), ledger: stopBeforeOpening() };
    await expect(payByPalm(refusing, input)).rejects.toThrow('stopped');
    await remove(member.card);
    const { payment } = await pay(input);
    expect(await paidWith(payment)).toBe(other);
  });

  it('given it was requested and the default changed since, goes on with the card that it was requested with', async () => {
    const other = await add();
    town.house.parts.network.control({ mode: 'down' });
    const input = sale(1311);
    expect(await pay(input)).toMatchObject({ state: 'unknown' });
    town.house.parts.network.control({ mode: 'normal' });
    const at = town.deps.clock.now().toISOString();
    await decideOn(town.deps, oneIds, member.stream, { type: 'MakeCardDefault', at, card: other }, SYSTEM);
    const paid = await pay(input);
    expect(paid.state).toBe('captured');
    expect(await paidWith(paid.payment)).toBe(member.card);
  });

  it("given another currency than the merchant's, is refused and claims nothing", async () => {
    const input = { ...sale(1312), currency: 'EUR' };
    await expect(pay(input)).rejects.toMatchObject({ code: 'currency-not-taken', extra: { currency: 'CHF' } });
    expect(await pay({ ...input, currency: 'CHF' })).toMatchObject({ state: 'captured' });
  });

  it('given a void while the network was silent, the till hears no, and the late authorisation is defeated', async () => {
    town.house.parts.network.control({ mode: 'down' });
    const input = sale(1313);
    const { payment } = await pay(input);
    const voiding = { caller: till, request: asked(till), payment, reason: 'merchant' };
    expect(await voidPayment(quick(), voiding)).toMatchObject({ state: 'voided' });
    town.house.parts.network.control({ mode: 'normal' });
    expect(await voidPayment(quick(), voiding)).toMatchObject({ state: 'voided' });
    expect(await pay(input)).toMatchObject({ payment, state: 'voided', captured: 0 });
    expect(await openTransactions()).toBe(0);
    expect((await bookOf(payment)).every(({ captured }) => captured === 0)).toBe(true);
  });

  it('given a refund that the network did not answer, says so, and the same request finds out', async () => {
    const { payment } = await pay(sale(1314));
    town.house.parts.network.control({ mode: 'down' });
    const refunding = { caller: till, request: asked(till), payment, amount: 300, reason: 'returned' };
    expect(await refundPayment(quick(), refunding)).toMatchObject({ refundState: 'unknown', refunded: 0, left: 1014 });
    town.house.parts.network.control({ mode: 'normal' });
    expect(await refundPayment(quick(), refunding)).toMatchObject({ refundState: 'refunded', refunded: 300 });
    expect((await bookOf(payment)).map(({ refunded }) => refunded)).toEqual([300]);
  });

  function stopBeforeOpening(): typeof town.deps.ledger {
    const { ledger } = town.deps;
    return {
      ...ledger,
      append: (stream, ...rest) =>
        stream.startsWith('oneId-') ? Promise.reject(new Error('stopped')) : ledger.append(stream, ...rest),
    };
  }
});

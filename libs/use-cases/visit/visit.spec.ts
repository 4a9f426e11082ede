import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { newId } from '#libs/runtime/ids.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import { contentOf } from '../one-id/transactions.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { endVisitByShop } from './end-by-shop.ts';
import { enterByPalm } from './enter.ts';
import { moveItem, readCart } from './items.ts';
import { leaveByPalm } from './leave.ts';
import { requireOwnerOfVisit } from './owner.ts';
import { readVisit } from './read.ts';
import { settleVisit } from './settle.ts';

const SYSTEM = { actor: 'system', about: { who: 'system/test' } } as const;
let town: Town;
let member: TownMember;
let gate: DeviceCaller;
let shop: PrincipalCaller;
beforeAll(async () => {
  town = await openTown();
  gate = await town.shop();
  shop = { kind: 'merchant', principal: newId(), merchant: gate.merchant };
});
beforeEach(async () => {
  town.house.parts.network.control({ mode: 'normal' });
  member = await town.member();
});
afterAll(() => town.close());

const quick = () => ({ ...town.deps, policy: { ...town.deps.policy, networkDeadlineMs: 150 } });
async function enter(): Promise<string> {
  const request = asked(gate);
  const { visit } = await enterByPalm(town.deps, {
    caller: gate,
    request,
    ticket: town.ticket(member, 'enter', request),
  });
  return visit;
}
function way(out = asked(gate)) {
  return { caller: gate, request: out, ticket: town.ticket(member, 'leave', out) };
}
function move(visit: string, movement: 'taken' | 'put-back', article: string, quantity: number, unitPrice: number) {
  return moveItem(town.deps, {
    caller: shop,
    request: asked(shop),
    visit,
    movement,
    line: newId(),
    article,
    quantity,
    unitPrice,
  });
}
async function stillOpen(): Promise<number> {
  const { state } = await load(town.deps.ledger, oneIds, member.stream);
  return isLiving(state) ? state.transactions.open.length : 0;
}

describe('a shop without checkout', () => {
  it('given what was taken and put back, charges the rest once, however often the way out is asked', async () => {
    const visit = await enter();
    await move(visit, 'taken', 'Apples', 3, 60);
    await move(visit, 'put-back', 'Apples', 1, 60);
    const out = way();
    const left = await leaveByPalm(town.deps, out);
    expect(left).toMatchObject({ visit, total: 120, payment: { state: 'captured', amount: 120 } });
    const again = await leaveByPalm(town.deps, out);
    expect(again.payment?.payment).toBe(left.payment?.payment);
    expect(await stillOpen()).toBe(0);
  });

  it('given nothing taken, charges nothing, and the transaction is closed', async () => {
    await enter();
    const left = await leaveByPalm(town.deps, way());
    expect(left).toMatchObject({ total: 0, items: [] });
    expect(left.payment).toBeUndefined();
    expect(await stillOpen()).toBe(0);
  });

  it('given the same gate request again, is the same visit', async () => {
    const request = asked(gate);
    const input = { caller: gate, request, ticket: town.ticket(member, 'enter', request) };
    const first = await enterByPalm(town.deps, input);
    expect((await enterByPalm(town.deps, input)).visit).toBe(first.visit);
    expect(await stillOpen()).toBe(1);
  });

  it('given the same movement told twice, counts it once', async () => {
    const visit = await enter();
    const moved = {
      caller: shop,
      visit,
      movement: 'taken',
      line: 'shelf-1',
      article: 'Bread',
      quantity: 1,
      unitPrice: 320,
    } as const;
    await moveItem(town.deps, { ...moved, request: asked(shop) });
    expect((await moveItem(town.deps, { ...moved, request: asked(shop) })).total).toBe(320);
  });

  it('given a palm that nobody let in, finds no visit', async () => {
    await expect(leaveByPalm(town.deps, way())).rejects.toMatchObject({ code: 'no-visit' });
  });

  it("given another shop, shows it none of this one's visits", async () => {
    const visit = await enter();
    const other: PrincipalCaller = { ...shop, merchant: newId() };
    await expect(readCart(town.deps, { caller: other, visit })).rejects.toMatchObject({ code: 'visit-unknown' });
    const end = { caller: other, request: asked(other), visit };
    await expect(endVisitByShop(town.deps, end)).rejects.toMatchObject({ code: 'visit-unknown' });
  });
});

describe('the way out, asked again', () => {
  async function leaveUnheard(amount: number) {
    const visit = await enter();
    await move(visit, 'taken', 'Bread', 1, amount);
    town.house.parts.network.control({ mode: 'down' });
    const out = way();
    expect(await leaveByPalm(quick(), out)).toMatchObject({ visit, phase: 'ended', payment: { state: 'unknown' } });
    town.house.parts.network.control({ mode: 'normal' });
    return { visit, out };
  }

  it('given its charge was taken back meanwhile, tells that the visit came to nothing, as does reading it', async () => {
    const { visit, out } = await leaveUnheard(640);
    const payment = (await requireOwnerOfVisit(town.deps, `visit-${visit}`)).payment;
    await settleVisit(town.deps, `visit-${visit}`, payment, SYSTEM);
    const told = { visit, phase: 'abandoned', total: 640, payment: { state: 'voided' } };
    expect(await leaveByPalm(town.deps, out)).toMatchObject(told);
    expect(await readVisit(town.deps, { caller: gate, visit })).toMatchObject(told);
  });

  it('given a card that was declined, tells so again', async () => {
    const visit = await enter();
    await move(visit, 'taken', 'Bread', 1, 641);
    town.house.parts.network.control({ mode: 'decline' });
    const out = way();
    const first = await leaveByPalm(town.deps, out);
    expect(first).toMatchObject({ visit, phase: 'abandoned', payment: { state: 'declined' } });
    expect(await leaveByPalm(town.deps, out)).toMatchObject({ phase: 'abandoned', payment: { state: 'declined' } });
  });

  it('given a charge that still waits, ends the visit that the person is in now', async () => {
    await leaveUnheard(642);
    const second = await enter();
    await move(second, 'taken', 'Milk', 1, 150);
    expect(await leaveByPalm(town.deps, way())).toMatchObject({ visit: second, phase: 'charged', total: 150 });
  });

  it('names in its claim the visit alone: nothing that ties it to a One ID or a payment', async () => {
    const visit = await enter();
    const out = way();
    await leaveByPalm(town.deps, out);
    const { plan } = await claim<object>(town.deps, out.request, SYSTEM, () => Promise.reject(new Error('is there')));
    expect(Object.keys(plan).sort()).toEqual(['ticketHash', 'visit']);
    expect(plan).toMatchObject({ visit: `visit-${visit}` });
  });

  it("given another shop's gate, shows it nothing", async () => {
    const visit = await enter();
    const other = await town.shop();
    await expect(readVisit(town.deps, { caller: other, visit })).rejects.toMatchObject({ code: 'visit-unknown' });
    const { payment, ...seen } = await readVisit(town.deps, { caller: gate, visit });
    expect([payment, seen.phase]).toEqual([undefined, 'started']);
  });

  it('given a gate that stopped before the visit began and was settled, lets nobody in by the old request', async () => {
    const request = asked(gate);
    const input = { caller: gate, request, ticket: town.ticket(member, 'enter', request) };
    const { ledger } = town.deps;
    const append: typeof ledger.append = (stream, ...rest) =>
      stream.startsWith('visit-') ? Promise.reject(new Error('stopped')) : ledger.append(stream, ...rest);
    const stopping = { ...town.deps, ledger: { ...ledger, append } };
    await expect(enterByPalm(stopping, input)).rejects.toThrow('stopped');
    const { state, places } = await load(town.deps.ledger, oneIds, member.stream);
    const [open] = isLiving(state) ? state.transactions.open : [];
    const { streams } = (await contentOf(town.deps, member.stream, places, open!.number))!;
    const visit = streams.find((name) => name.startsWith('visit-'))!;
    await settleVisit(
      town.deps,
      visit,
      streams.find((name) => name.startsWith('payment-'))!,
      SYSTEM,
    );
    await expect(enterByPalm(town.deps, input)).rejects.toMatchObject({ code: 'visit-abandoned' });
  });
});

describe('a visit that the shop ends', () => {
  it('charges once, also for a member who wants to be forgotten and whose palm identifies nobody', async () => {
    const visit = await enter();
    await move(visit, 'taken', 'Bread', 1, 320);
    const at = town.deps.clock.now().toISOString();
    const leaving = { type: 'RequestErasure', at, reason: 'admin', sealed: { erasure: 'erasure-x' } } as const;
    await decideOn(town.deps, oneIds, member.stream, leaving, SYSTEM);
    const end = { caller: shop, request: asked(shop), visit };
    const left = await endVisitByShop(town.deps, end);
    expect(left).toMatchObject({ total: 320, payment: { state: 'captured' } });
    expect((await endVisitByShop(town.deps, end)).payment?.payment).toBe(left.payment?.payment);
    expect(await stillOpen()).toBe(0);
  });
});

describe('a visit left half-way', () => {
  it('that nobody ended, is abandoned, and a late way out finds it over', async () => {
    const visit = await enter();
    await move(visit, 'taken', 'Bread', 1, 320);
    const payment = await paymentOf(visit);
    expect(await settleVisit(town.deps, `visit-${visit}`, payment, SYSTEM)).toBe('abandoned');
    await expect(leaveByPalm(town.deps, way())).rejects.toMatchObject({ name: 'Refused' });
    expect(await town.house.parts.network.book('0', 1_000)).not.toContainEqual(
      expect.objectContaining({ amount: 320, state: 'authorised' }),
    );
  });

  it('whose charge got no answer, tells the gate unknown, and is taken back', async () => {
    const visit = await enter();
    await move(visit, 'taken', 'Bread', 1, 777);
    town.house.parts.network.control({ mode: 'down' });
    const left = await leaveByPalm(quick(), way());
    expect(left.payment).toMatchObject({ state: 'unknown' });
    town.house.parts.network.control({ mode: 'normal' });
    expect(await settleVisit(town.deps, `visit-${visit}`, await paymentOf(visit), SYSTEM)).toBe('voided');
    const book = await town.house.parts.network.book('0', 1_000);
    expect(book.filter(({ amount }) => amount === 777).map(({ captured }) => captured)).toEqual(
      book.filter(({ amount }) => amount === 777).map(() => 0),
    );
  });

  async function paymentOf(visit: string): Promise<string> {
    const { state, places } = await load(town.deps.ledger, oneIds, member.stream);
    const open = isLiving(state) ? state.transactions.open : [];
    for (const { number } of open) {
      const content = await contentOf(town.deps, member.stream, places, number);
      if (content?.streams.includes(`visit-${visit}`))
        return content.streams.find((name) => name.startsWith('payment-'))!;
    }
    throw new Error('no open visit');
  }
});

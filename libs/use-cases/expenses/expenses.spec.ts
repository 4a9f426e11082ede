import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import type { DeviceCaller } from '../callers.ts';
import { payByPalm } from '../payment/pay.ts';
import { refundPayment } from '../payment/refund.ts';
import { enterByPalm } from '../visit/enter.ts';
import { moveItem } from '../visit/items.ts';
import { leaveByPalm } from '../visit/leave.ts';
import { disputeOwnPayment } from './dispute.ts';
import { listExpenses } from './list.ts';
import { expensesByMonth } from './months.ts';
import { readReceipt } from './receipt.ts';
import { placesVisited } from './visited.ts';

let town: Town;
let ada: TownMember;
let bakery: DeviceCaller;
let grocer: DeviceCaller;
const paid: string[] = [];

async function pay(member: TownMember, shop: DeviceCaller, amount: number): Promise<string> {
  const request = asked(shop);
  const ticket = town.ticket(member, 'pay', request);
  return (await payByPalm(town.deps, { caller: shop, request, ticket, amount, currency: 'CHF' })).payment;
}

async function visit(member: TownMember, shop: DeviceCaller): Promise<string> {
  const [entering, leaving] = [asked(shop), asked(shop)];
  const entered = await enterByPalm(town.deps, {
    caller: shop,
    request: entering,
    ticket: town.ticket(member, 'enter', entering),
  });
  const staff = { kind: 'merchant', principal: 'staff', merchant: shop.merchant } as const;
  const taken = { movement: 'taken', line: '1', article: 'milk', quantity: 2, unitPrice: 180 } as const;
  await moveItem(town.deps, { caller: staff, request: asked(staff), visit: entered.visit, ...taken });
  const ticket = town.ticket(member, 'leave', leaving);
  const left = await leaveByPalm(town.deps, { caller: shop, request: leaving, ticket });
  return left.payment!.payment;
}

beforeAll(async () => {
  town = await openTown();
  ada = await town.member();
  bakery = await town.shop('Bakery');
  grocer = await town.shop('Grocer');
  for (const amount of [500, 700, 900]) paid.push(await pay(ada, bakery, amount));
  paid.push(await visit(ada, grocer));
  await pay(await town.member(), bakery, 11_111);
});
afterAll(() => town.close());

const expenses = (more: object = {}) => listExpenses(town.deps, { caller: ada.caller, limit: 50, ...more });

describe("a member's expenses", () => {
  it('are the own ones, newest first, with where, when and how much', async () => {
    const { items } = await expenses();
    expect(items.map(({ payment }) => payment)).toEqual([...paid].reverse());
    expect(items[0]).toMatchObject({ kind: 'visit', captured: 360, merchant: { name: 'Grocer' } });
    expect(items.at(-1)).toMatchObject({
      status: 'captured',
      currency: 'CHF',
      amount: 500,
      site: { name: 'Bakery Central', place: 'Zurich' },
    });
  });

  it('come page by page, and a cursor serves nobody else', async () => {
    const first = await expenses({ limit: 3 });
    const second = await expenses({ limit: 3, cursor: first.next });
    expect([...first.items, ...second.items].map(({ payment }) => payment)).toEqual([...paid].reverse());
    expect(second.next).toBeUndefined();
    const other = await town.member();
    const stolen = listExpenses(town.deps, { caller: other.caller, limit: 3, cursor: first.next });
    await expect(stolen).rejects.toMatchObject({ code: 'cursor-invalid' });
  });

  it('are filtered by merchant and by time', async () => {
    expect((await expenses({ merchant: grocer.merchant })).items).toHaveLength(1);
    expect((await expenses({ site: bakery.site })).items).toHaveLength(3);
    expect((await expenses({ to: '2020-01-01T00:00:00.000Z' })).items).toEqual([]);
    expect((await expenses({ from: '2020-01-01T00:00:00.000Z' })).items).toHaveLength(4);
  });

  it('add up by month and merchant, less what came back', async () => {
    const staff = { kind: 'merchant', principal: 'staff', merchant: bakery.merchant } as const;
    const refund = { payment: paid[0]!, amount: 200, reason: 'returned' };
    await refundPayment(town.deps, { caller: staff, request: asked(staff), ...refund });
    const { items } = await expensesByMonth(town.deps, { caller: ada.caller });
    expect(items).toMatchObject([
      { merchant: { name: 'Bakery' }, payments: 3, captured: 2_100, refunded: 200, spent: 1_900 },
      { merchant: { name: 'Grocer' }, payments: 1, captured: 360, spent: 360 },
    ]);
  });

  it('have receipts: what was taken, with which card, what came back', async () => {
    const visited = await readReceipt(town.deps, { caller: ada.caller, payment: paid[3]! });
    expect(visited).toMatchObject({ items: [{ article: 'milk', quantity: 2 }], card: { lastFour: '1111' } });
    const bought = await readReceipt(town.deps, { caller: ada.caller, payment: paid[0]! });
    expect(bought).toMatchObject({ refunded: 200, refunds: [{ amount: 200, status: 'refunded' }] });
  });

  it("another member's payment looks like none", async () => {
    const other = await town.member();
    const reading = readReceipt(town.deps, { caller: other.caller, payment: paid[0]! });
    await expect(reading).rejects.toMatchObject({ code: 'payment-unknown', kind: 'missing' });
    const disputing = { caller: other.caller, request: asked(other.caller), payment: paid[0]!, said: 'mine' };
    await expect(disputeOwnPayment(town.deps, disputing)).rejects.toMatchObject({ code: 'payment-unknown' });
  });

  it('are places too', async () => {
    const { items } = await placesVisited(town.deps, { caller: ada.caller, limit: 50 });
    expect(items.map(({ kind }) => kind)).toEqual(['visit', 'payment', 'payment', 'payment', 'enrolment']);
  });
});

describe('"that was not me"', () => {
  it('is a dispute over what is left, once for each request', async () => {
    const disputing = { caller: ada.caller, request: asked(ada.caller), payment: paid[1]!, said: 'I was abroad' };
    const first = await disputeOwnPayment(town.deps, disputing);
    expect(await disputeOwnPayment(town.deps, disputing)).toMatchObject({ dispute: first.dispute, amount: 700 });
    const { status, disputes } = await readReceipt(town.deps, { caller: ada.caller, payment: paid[1]! });
    expect({ status, disputes }).toEqual({ status: 'disputed', disputes: [{ dispute: first.dispute, amount: 700 }] });
  });
});

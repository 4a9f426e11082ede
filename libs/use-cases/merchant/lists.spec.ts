import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import { openWorks, type Works } from '#libs/testing/works.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import { checkByPalm } from '../check/check.ts';
import { listChecks, listPayments, listVisits, totalsByDay } from './lists.ts';

let works: Works;
let anna: TownMember;
let [bakery, kiosk]: DeviceCaller[] = [];
beforeAll(async () => {
  works = await openWorks();
  anna = await works.member('anna', '+41791110001');
  [bakery, kiosk] = [await works.town.shop('Bakery'), await works.town.shop('Kiosk')];
  await works.pay(anna, bakery, 1250);
  await works.pay(anna, bakery, 300);
  await works.pay(anna, kiosk, 700);
  const request = asked(bakery);
  const ticket = works.town.ticket(anna, 'check', request);
  await checkByPalm(works.deps, { caller: bakery, request, ticket, kind: 'age' });
  await works.caughtUp();
}, 60_000);
afterAll(() => works.close());

const staffOf = ({ merchant }: DeviceCaller): PrincipalCaller => ({ kind: 'merchant', principal: newId(), merchant });

describe("a merchant's lists", () => {
  it('show its own payments alone, newest first, page by page', async () => {
    const caller = staffOf(bakery!);
    const first = await listPayments(works.deps, { caller, limit: 1 });
    const second = await listPayments(works.deps, { caller, limit: 1, after: first.next! });
    expect([...first.items, ...second.items].map(({ amount }) => amount)).toEqual([300, 1250]);
    expect((await listPayments(works.deps, { caller: staffOf(kiosk!), limit: 10 })).items).toHaveLength(1);
  });

  it('know a member by a pseudonym of its own, and by nothing else', async () => {
    const here = await listPayments(works.deps, { caller: staffOf(bakery!), limit: 10 });
    const there = await listPayments(works.deps, { caller: staffOf(kiosk!), limit: 10 });
    const checks = await listChecks(works.deps, { caller: staffOf(bakery!), limit: 10 });
    const [known] = new Set([...here.items, ...checks.items].map(({ pseudonym }) => pseudonym));
    expect(new Set([...here.items, ...checks.items].map(({ pseudonym }) => pseudonym)).size).toBe(1);
    expect(there.items[0]!.pseudonym).not.toBe(known);
    expect(JSON.stringify([here, there, checks])).not.toContain(anna.oneId);
    for (const item of [...here.items, ...checks.items]) expect(item).not.toHaveProperty('member');
  });

  it('show who paid no more once the key is gone; what was paid stays', async () => {
    const caller = staffOf(kiosk!);
    const [row] = (await listPayments(works.deps, { caller, limit: 10 })).items;
    await works.deps.keyring.destroy([`payment-${row!.payment}`]);
    const [left] = (await listPayments(works.deps, { caller, limit: 10 })).items;
    expect(left).toMatchObject({ amount: 700, currency: 'CHF' });
    expect(left).not.toHaveProperty('pseudonym');
  });

  it('sum up what was taken by day', async () => {
    const day = works.deps.clock.now().toISOString().slice(0, 10);
    const caller = staffOf(bakery!);
    const { items } = await totalsByDay(works.deps, { caller, fromDay: day, toDay: day, limit: 10 });
    expect(items).toMatchObject([{ currency: 'CHF', captured: 1550 }]);
  });

  it('are for who works for a merchant', async () => {
    const caller: PrincipalCaller = { kind: 'admin', principal: newId() };
    await expect(listVisits(works.deps, { caller, limit: 10 })).rejects.toMatchObject({ code: 'not-allowed' });
  });
});

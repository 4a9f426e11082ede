import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { asked, type TownMember } from '#libs/testing/town.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import type { DeviceCaller, PrincipalCaller } from '#libs/use-cases/callers.ts';
import { approveErasure } from '#libs/use-cases/erasure/approve.ts';
import { requestErasure } from '#libs/use-cases/erasure/request.ts';
import { refundPayment } from '#libs/use-cases/payment/refund.ts';
import { payments } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { watchClock, type ClockSeen } from './clock-watch.ts';
import { noMetrics } from './metrics.ts';
import { scheduler, type Scheduler } from './scheduler.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('The scheduler', () => {
  let works: Works;
  let anna: TownMember;
  let shop: DeviceCaller;
  let running: { scheduler: Scheduler; stop: () => Promise<void> }[];
  beforeEach(async () => {
    works = await openWorks();
    anna = await works.member('anna', '+41791110001');
    shop = await works.town.shop();
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await works.close();
  });

  function start(metrics = noMetrics): Scheduler {
    let seen: ClockSeen | undefined;
    const memory = { load: () => seen, save: (next: ClockSeen) => void (seen = next) };
    const watch = watchClock({ now: () => works.deps.clock.now(), memory });
    const one = scheduler({ deps: works.deps, watch, metrics, everyMs: 20, choresEveryMs: 20 });
    const ending = new AbortController();
    const end = one.run(ending.signal);
    const stop = (): Promise<void> => {
      ending.abort();
      return end;
    };
    running.push({ scheduler: one, stop });
    return one;
  }
  const network = () => works.town.house.parts.network;
  const later = (ms: number): void => works.town.house.clock.moveTo(new Date(works.deps.clock.now().getTime() + ms));
  const payment = async (id: string) => (await load(works.deps.ledger, payments, `payment-${id}`)).state;
  const types = async (stream: string) => (await works.deps.ledger.readStream(stream)).map(({ type }) => type);

  it('brings a payment that was left half-way to its end, once the network is back, with two of them at once', async () => {
    network().control({ mode: 'down' });
    const paid = await works.pay(anna, shop, 1250);
    let oldest = 0;
    const both = [start({ ...noMetrics, oldestOpen: (seconds) => void (oldest = Math.max(oldest, seconds)) }), start()];
    later(121_000);
    await until(async () => (await payment(paid.payment)).phase === 'void-requested');
    network().control({ mode: 'normal' });
    await until(async () => (await payment(paid.payment)).phase === 'voided');
    await until(async () => (await types(anna.stream)).filter((type) => type === 'TransactionClosed').length === 2);
    await Promise.all(both.map((one) => one.settled()));
    expect(oldest).toBeGreaterThan(120);
    expect((await network().book()).map(({ captured }) => captured).filter(Boolean)).toEqual([]);
  });

  it('carries out a refund that was left half-way, and no money goes twice', async () => {
    const paid = await works.pay(anna, shop, 1250);
    network().control({ mode: 'down' });
    const refund = { caller: shop, request: asked(shop), payment: paid.payment, amount: 250, reason: 'returned' };
    expect(await refundPayment(works.deps, refund)).toMatchObject({ refunded: 0 });
    network().control({ mode: 'normal' });
    start();
    later(31_000);
    await until(async () => {
      const state = await payment(paid.payment);
      return state.phase === 'captured' && state.refunds.every(({ status }) => status === 'refunded');
    });
    expect(await refundPayment(works.deps, refund)).toMatchObject({ refunded: 250 });
    expect(await network().book()).toMatchObject([{ captured: 1250, refunded: 250 }]);
  });

  it('writes down what the network charged back, once, also after a restart', async () => {
    const paid = await works.pay(anna, shop, 1250);
    const [entry] = await network().book();
    await network().chargeBack(entry!.reference, 1250);
    start();
    await until(async () => (await types(`payment-${paid.payment}`)).includes('ChargedBack'));
    const again = start();
    await again.settled();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const all = await types(`payment-${paid.payment}`);
    expect(all.filter((type) => type === 'ChargedBack')).toHaveLength(1);
  });

  it('destroys the keys of claims after their 72 hours, and then their records', async () => {
    await works.pay(anna, shop, 1250);
    const soon = new Date(works.deps.clock.now().getTime() + 73 * HOUR).toISOString();
    const [claim] = await works.deps.ledger.dueShortLived(soon, 10);
    const key = `claim-${(JSON.parse(claim!.clear) as { key: string }).key}`;
    expect(await works.deps.keyring.has([key])).toEqual([true]);
    start();
    later(73 * HOUR);
    await until(async () => (await works.deps.ledger.dueShortLived(soon, 10)).length === 0);
    expect(await works.deps.keyring.has([key])).toEqual([false]);
  });

  it('given a phone that somebody else has verified, takes it from who had it, who is told elsewhere', async () => {
    const one = start();
    const ben = await works.member('ben', anna.number);
    one.moved([{ oneId: anna.oneId, ref: anna.phone, verified: true }]);
    await until(async () => (await types(anna.stream)).includes('PhoneRemoved'));
    await until(async () => (await works.deps.keyring.has([`${anna.stream}/${anna.phone}`]))[0] === false);
    expect(await types(ben.stream)).not.toContain('PhoneRemoved');
  });

  it('given a clock that jumps, stops expiring until an admin has confirmed it, and goes on with the rest', async () => {
    const one = start();
    await one.settled();
    const card = newId();
    await works.deps.keyring.make([`${anna.stream}/${card}`]);
    later(800 * DAY);
    await until(async () => one.status().stopped);
    const at = isoNow(works.deps.clock);
    const sealed = { token: 't', brand: 'visa', lastFour: '1111', expiry: '2031-12' };
    await works.decide(anna.stream, { type: 'AddCard', at, card, sealed }, { type: 'RemoveCard', at, card });
    await until(async () => (await types(anna.stream)).includes('KeyDestroyed'));
    expect(await types(anna.stream)).not.toContain('ExpiryWarned');
    one.confirmClock();
    await until(async () => (await types(anna.stream)).includes('ExpiryWarned'));
    expect(await types(anna.stream)).not.toContain('OneIdExpired');
    await until(async () => (await works.town.messages()).some(({ template }) => template === 'expiry-warned'));
  });

  it('given one that is killed and another that starts, an approved erasure is carried out to its certificate', async () => {
    const [first, second] = ['first', 'second'].map((principal): PrincipalCaller => ({ kind: 'admin', principal }));
    const { erasure } = await requestErasure(works.deps, {
      caller: first!,
      request: asked(first!),
      oneId: anna.oneId,
    });
    start();
    await approveErasure(works.deps, { caller: second!, request: asked(second!), erasure });
    await until(async () => (await types(`erasure-${erasure}`)).includes('TransactionsSettled'));
    await running.pop()!.stop();
    later(3 * DAY);
    start();
    await until(async () => (await types(`erasure-${erasure}`)).includes('ErasureCertified'));
    expect(await works.deps.ledger.readStream(anna.stream)).toEqual([]);
  });

  it('given nothing that is due, looks at no stream', async () => {
    const one = start();
    await one.settled();
    const { waiting } = one.status();
    expect(waiting).toBe(1);
  });
});

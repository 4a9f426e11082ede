import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CheckEvent } from '#libs/domain/check/events.ts';
import type { DeviceEvent } from '#libs/domain/device/events.ts';
import type { ErasureEvent } from '#libs/domain/erasure/events.ts';
import type { MerchantEvent } from '#libs/domain/merchant/events.ts';
import type { PaymentEvent } from '#libs/domain/payment/events.ts';
import type { PrincipalEvent } from '#libs/domain/principal/events.ts';
import type { SubscriberEvent } from '#libs/domain/subscriber/events.ts';
import type { VisitEvent } from '#libs/domain/visit/events.ts';
import type { OnMessages, TopicMessage, Topics } from '#libs/topics/port.ts';
import { AT, paid, recordsOf, requested, write } from '#libs/topics/topics.contract.ts';
import { cursorText } from '#libs/topics/cursor.ts';
import { noMetrics } from './metrics.ts';
import { keepViews } from './view-keeper.ts';
import { retryParked, skipParked } from './parking.ts';
import { openHouse, purchasesByFold, purchasesInView, type House } from './pipelines.fixture.ts';
import { rebuildViews } from './rebuild.ts';

let house: House;
afterEach(() => house.close());
const signal = new AbortController().signal;

const authorised: PaymentEvent = { type: 'PaymentAuthorised', clear: { network: 'n', reason: '00' } };
const declined: PaymentEvent = { type: 'PaymentDeclined', clear: { network: 'n', reason: '51' } };
const toCapture: PaymentEvent = { type: 'CaptureRequested', clear: { amount: 900 } };
const captureRefused: PaymentEvent = { type: 'CaptureRefused', clear: { amount: 900, reason: '05' } };
const toVoid: PaymentEvent = { type: 'VoidRequested', clear: { reason: 'till' } };
const voided: PaymentEvent = { type: 'PaymentVoided', clear: { reason: 'till' } };
const abandoned: PaymentEvent = { type: 'PaymentAbandoned', clear: { reason: 'late' } };
const refund = (amount: number): PaymentEvent[] => {
  const clear = { refund: `r${amount}`, amount, reason: 'back' };
  return [
    { type: 'RefundRequested', clear },
    { type: 'PaymentRefunded', clear },
  ];
};
const disputed: PaymentEvent = { type: 'PaymentDisputed', clear: { dispute: 'd1', amount: 900 } };
const decided: PaymentEvent = { type: 'DisputeDecided', clear: { dispute: 'd1', outcome: 'for-merchant', amount: 0 } };
const chargedBack: PaymentEvent = { type: 'ChargedBack', clear: { dispute: 'd2', amount: 100, reason: '10.4' } };

const lives: readonly (readonly PaymentEvent[])[] = [
  [requested(900), declined],
  [requested(900), authorised, toCapture, captureRefused],
  [requested(900), toVoid, voided],
  [requested(900), authorised, toVoid, voided],
  [requested(900), authorised, toCapture],
  [...paid(900), ...refund(900)],
  [...paid(900), ...refund(250)],
  [...paid(900), disputed],
  [...paid(900), disputed, decided],
  [...paid(900), ...refund(100), chargedBack],
  [abandoned, ...paid(900)],
];
/** Any event at all, whether it follows or not: what does not follow changes nothing, here as in the decider. */
const anyEvent = fc.constantFrom(...new Set(lives.flat()));
const history = fc.array(
  fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(...lives) },
      { weight: 1, arbitrary: anyEvent.map((event) => [event]) },
    ),
  ),
  { minLength: 5, maxLength: 25 },
);

describe('The projector', () => {
  it('shows what a fold of the ledger says, for any history, with repeats and other keys in any order', async () => {
    house = await openHouse(3);
    let round = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.integer(), async (events, seed) => {
        round += 1;
        house.start(unruly(house.topics, seed));
        for (const [key, some] of events) await write(house.ledger, `payment-${round}-${key}`, ...some);
        await house.settled();
        await house.stop();
        const rows = await purchasesInView(house.views);
        const byFold = await purchasesByFold(house.ledger);
        expect(rows).toMatchObject(byFold);
        expect(rows).toHaveLength(byFold.length);
      }),
      { numRuns: 15 },
    );
    const live = await purchasesInView(house.views);
    const totals = async () =>
      (await house.views.purchases.totals({ fromDay: '2026-01-01', toDay: '2026-12-31', limit: 500 })).items;
    const [liveTotals] = await totals();
    await rebuildViews({ ...house, signal });
    expect(await purchasesInView(house.views)).toEqual(live);
    expect((await totals())[0]).toEqual(liveTotals);
    expect(liveTotals?.captured).toBe(live.reduce((sum, { captured }) => sum + captured, 0));
  });

  it('goes on where it was after a stop, and keeps visits, checks and principals too', async () => {
    house = await openHouse();
    house.start();
    await write<VisitEvent>(
      house.ledger,
      'visit-v1',
      { type: 'VisitStarted', clear: { merchant: 'm1', site: 's1', gate: 'g1', currency: 'EUR' } },
      { type: 'ItemTaken', clear: { line: '1', article: 'tea', quantity: 2, unitPrice: 300 } },
    );
    await house.settled();
    await house.stop();
    await write<VisitEvent>(
      house.ledger,
      'visit-v1',
      { type: 'ItemPutBack', clear: { line: '2', article: 'tea', quantity: 1, unitPrice: 300 } },
      { type: 'VisitEnded', clear: { total: 300, ticketHash: 'h' } },
    );
    await write<CheckEvent>(house.ledger, 'check-c1', {
      type: 'CredentialChecked',
      clear: { merchant: 'm1', site: 's1', device: 'd1', kind: 'badge', answer: 'yes' },
      sealed: { oneId: 'o', transaction: 1, pseudonym: 'p' },
    });
    await write<PrincipalEvent>(
      house.ledger,
      'principal-x1',
      { type: 'PrincipalInvited', clear: {} },
      { type: 'RoleGranted', clear: { role: 'merchant', merchant: 'm1' } },
    );
    house.start();
    await house.settled();
    expect(await house.views.visits.byVisit(['v1'])).toMatchObject([{ status: 'ended', total: 300 }]);
    expect((await house.views.visits.cart('v1', { limit: 5 })).items).toMatchObject([{ article: 'tea', quantity: 1 }]);
    const [check] = await house.views.checks.byCheck(['c1']);
    expect(Buffer.from(check!.member!.ciphertext).toString()).toBe('sealed of check-c1');
    expect((await house.views.principals.get('x1'))?.roles).toEqual([{ role: 'merchant', merchant: 'm1' }]);
  });

  it('shows merchants, sites, devices, subscribers and erasures as they are now', async () => {
    house = await openHouse();
    house.start();
    await write<MerchantEvent>(
      house.ledger,
      'merchant-m1',
      { type: 'MerchantRegistered', clear: { name: 'Tea', country: 'DE', currency: 'EUR' } },
      { type: 'SiteOpened', clear: { site: 's1', name: 'One', place: 'Here', timeZone: 'Europe/Berlin' } },
      { type: 'ContractSigned', clear: { contract: 'k1', purposes: ['pay'], from: AT } },
      { type: 'SiteClosed', clear: { site: 's1' } },
      { type: 'ContractEnded', clear: { contract: 'k1' } },
    );
    const place = { merchant: 'm1', site: 's1', kind: 'till', name: 'Till', nearInfrared: true } as const;
    await write<DeviceEvent>(
      house.ledger,
      'device-d1',
      { type: 'DeviceRegistered', clear: { ...place, activationHash: 'hash', activateBy: AT } },
      { type: 'DeviceActivated', clear: { publicKey: 'key' } },
      { type: 'DeviceSuspected', clear: { reason: 'fork' } },
    );
    const subscription = { topics: ['purchases', 'erasures'], acknowledgesErasures: true };
    await write<SubscriberEvent>(house.ledger, 'subscriber-b1', {
      type: 'SubscriberRegistered',
      clear: { name: 'Books', ...subscription },
    });
    const started: ErasureEvent = {
      type: 'ErasureStarted',
      clear: {
        reason: 'member',
        requestedBy: '',
        dueBy: AT,
        withdrawableUntil: AT,
        receiptHash: 'h',
        commitment: 'c',
        needsApproval: false,
      },
    };
    const wanted: ErasureEvent = {
      type: 'TombstonesPublished',
      clear: { subscribers: ['b1'], acknowledgeBy: AT },
    };
    await write<ErasureEvent>(house.ledger, 'erasure-e1', started, wanted);
    await write<ErasureEvent>(house.ledger, 'erasure-e2', started, { type: 'Withdrawn', clear: { by: 'member' } });
    await house.settled();
    const { views } = house;
    expect(await views.merchants.get('m1')).toMatchObject({
      name: 'Tea',
      contracts: [{ contract: 'k1', ended: true }],
    });
    expect(await views.merchants.site('m1', 's1')).toMatchObject({ timeZone: 'Europe/Berlin', open: false });
    expect(await views.devices.get('d1')).toMatchObject({ ...place, status: 'suspected', changedAt: AT });
    expect(await views.subscribers.get('b1')).toMatchObject({ name: 'Books', ...subscription, retired: false });
    const inProgress = (await views.erasures.list({ limit: 5 })).items;
    expect(inProgress).toMatchObject([
      { erasure: 'e1', status: 'acknowledgement-wanted', subscribers: ['b1'], acknowledgeBy: AT, dueBy: AT },
    ]);
    expect((await views.parked.list({ limit: 5 })).items).toEqual([]);
  });

  it('stops the key of an event that it cannot read, and that key alone, until it is skipped', async () => {
    house = await openHouse();
    house.start();
    await write(house.ledger, 'payment-p1', requested(900));
    const [, authorised, ...rest] = recordsOf('payment-p1', ...paid(900));
    await house.ledger.append('payment-p1', 0n, [{ ...authorised!, version: 99 }]);
    await house.ledger.append('payment-p1', 1n, rest);
    await house.ledger.append('payment-p1', 3n, recordsOf('payment-p1', ...paid(900).slice(1)));
    await write(house.ledger, 'payment-p2', ...paid(20));
    await house.settled();
    const rows = await purchasesInView(house.views);
    expect(rows.map(({ payment, status }) => [payment, status])).toEqual([
      ['p1', 'requested'],
      ['p2', 'captured'],
    ]);
    const { items } = await house.views.parked.list({ limit: 10 });
    expect(items.map(({ key, reason }) => [key, reason])).toEqual([
      ['p1', 'unknown type or version'],
      ['p1', 'follows'],
      ['p1', 'follows'],
    ]);
    const [first, second] = items;
    expect(await retryParked(house.views, second!.id)).toEqual({ outcome: 'parked', first: first!.id });
    expect(await skipParked(house.views, second!.id)).toEqual({ outcome: 'behind', first: first!.id });
    expect(await skipParked(house.views, 'nothing')).toEqual({ outcome: 'unknown' });
    expect(await skipParked(house.views, first!.id)).toEqual({ outcome: 'done', taken: 2 });
    expect((await purchasesInView(house.views))[0]?.status).toBe('captured');
    expect((await house.views.parked.list({ limit: 10 })).items).toEqual([]);
  });
});

describe('A rebuild', () => {
  it('while writes go on is swapped in without a pause, and nothing is missing', async () => {
    house = await openHouse();
    house.start();
    for (let index = 0; index < 100; index += 1) await write(house.ledger, `payment-a${index}`, ...paid(index + 1));
    await house.settled();
    let going = true;
    let looked = 0;
    const writing = (async () => {
      for (let index = 0; going; index += 1) await write(house.ledger, `payment-b${index}`, ...paid(index + 1));
    })();
    const looking = (async () => {
      for (; going; looked += 1) {
        expect(await house.views.purchases.byPayment(['a0', 'a99'])).toHaveLength(2);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    const before = await house.views.position();
    const seen: bigint[] = [];
    const done = await rebuildViews({ ...house, signal, onProgress: (progress) => seen.push(progress.done) });
    expect(await house.views.position()).toBeGreaterThanOrEqual(before);
    going = false;
    await Promise.all([writing, looking]);
    await house.settled();
    expect(looked).toBeGreaterThan(0);
    expect(seen.length).toBeGreaterThan(0);
    expect(done.parked).toBe(0);
    expect(await purchasesInView(house.views)).toMatchObject(await purchasesByFold(house.ledger));
  });

  it('that is given up leaves the live view as it is', async () => {
    house = await openHouse();
    house.start();
    await write(house.ledger, 'payment-p1', ...paid(5));
    await house.settled();
    await expect(rebuildViews({ ...house, signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow(
      'stopped',
    );
    expect(await purchasesInView(house.views)).toHaveLength(1);
    await rebuildViews({ ...house, signal });
    expect(await purchasesInView(house.views)).toHaveLength(1);
  });
});

describe('A view that is ahead of a restored ledger', () => {
  it('is built anew by itself', async () => {
    house = await openHouse();
    await write(house.ledger, 'payment-p1', ...paid(5));
    for (const source of ['topics', 'ledger'] as const) {
      const ahead = { since: 0n, done: { 'purchases/0': 1_000n } };
      const to = { cursor: source === 'topics' ? cursorText(ahead) : '1000', ledger: 1_000n };
      await house.views.apply([], { source, from: null, to });
    }
    const stop = new AbortController();
    const keeper = keepViews({ ...house, signal: stop.signal, metrics: noMetrics, firstMs: 1 });
    for (let tries = 0; tries < 200 && (await purchasesInView(house.views)).length === 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await purchasesInView(house.views)).toHaveLength(1);
    expect(await house.views.position()).toBe(await house.ledger.head());
    expect((await keeper.rebuild()).parked).toBe(0);
    await write(house.ledger, 'payment-p2', ...paid(6));
    await house.settled();
    expect(await purchasesInView(house.views)).toHaveLength(2);
    stop.abort();
    await keeper.end;
  });
});

/** As a topic may behave: batches come in pieces and twice, keys in any order among each other. */
function unruly(topics: Topics, seed: number): Topics {
  let state = seed >>> 0;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const mixed = (batch: readonly TopicMessage[]): TopicMessage[] => {
    const queues = [...Map.groupBy(batch, ({ key }) => key).values()];
    const out: TopicMessage[] = [];
    while (queues.some(({ length }) => length > 0)) {
      const one = queues[random(queues.length)]?.shift();
      if (one !== undefined) out.push(one);
    }
    return out;
  };
  return {
    ...topics,
    consume: (consuming, onMessages: OnMessages) =>
      topics.consume(consuming, async (batch, passed) => {
        const repeated = batch.slice(0, random(batch.length + 1));
        await onMessages([...mixed(repeated), ...mixed(batch)], passed);
      }),
  };
}

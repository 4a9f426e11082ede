import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidQuery, RebuildRunning, ViewMoved } from './errors.ts';
import type { RawMessage } from './parked.ts';
import { parkedId } from './parked.ts';
import type { Entry, Progress, Views, ViewWriter } from './port.ts';
import type { Change, PurchaseRow, VisitRow } from './rows.ts';

/** Gives empty views, and a way to close and open them again where they last. */
export interface ViewsUnderTest {
  open(): Promise<Views>;
  reopen(views: Views): Promise<Views>;
  remove(): Promise<void>;
}

export const purchase = (payment: string, sequence: bigint, more: Partial<PurchaseRow> = {}): PurchaseRow => ({
  payment,
  merchant: 'm1',
  site: 's1',
  device: 'd1',
  currency: 'EUR',
  status: 'captured',
  amount: 1250,
  captured: 1250,
  refunded: 0,
  disputed: 0,
  chargedBack: 0,
  requestedAt: '2026-11-24T15:00:00.000Z',
  changedAt: '2026-11-24T15:00:01.000Z',
  sequence,
  ...more,
});

const visit = (id: string, sequence: bigint, more: Partial<VisitRow> = {}): VisitRow => ({
  visit: id,
  merchant: 'm1',
  site: 's1',
  gate: 'g1',
  currency: 'EUR',
  status: 'started',
  total: 0,
  startedAt: '2026-11-24T15:00:00.000Z',
  changedAt: '2026-11-24T15:00:00.000Z',
  sequence,
  ...more,
});

const message = (key: string, sequence: bigint): RawMessage => ({
  topic: 'purchases',
  key,
  id: `event-${key}-${sequence}`,
  type: 'palmledger.purchases.captured.v1',
  sequence,
  time: '2026-11-24T15:00:01.000Z',
  value: Uint8Array.of(1, 2, 3),
});

export const entry = (key: string, sequence: bigint, ...changes: Change[]): Entry => ({
  message: message(key, sequence),
  changes,
});
export const paid = (row: PurchaseRow): Entry => entry(row.payment, row.sequence, { put: 'purchase', row });
const poison = (key: string, sequence: bigint): Entry => ({ message: message(key, sequence), poison: 'unknown type' });

/** Moves the topics' side on by a batch. */
export async function took(views: ViewWriter, entries: readonly Entry[], ledger: bigint): Promise<number> {
  const from = (await views.progress('topics'))?.cursor ?? null;
  const to: Progress = { cursor: `at ${ledger}`, ledger };
  return (await views.apply(entries, { source: 'topics', from, to })).parked;
}

const reaches = async (views: ViewWriter, ledger: bigint): Promise<void> => {
  const from = (await views.progress('ledger'))?.cursor ?? null;
  await views.apply([], { source: 'ledger', from, to: { cursor: `at ${ledger}`, ledger } });
};

export function describeViews(name: string, create: () => ViewsUnderTest): void {
  describe(`${name} as views`, () => {
    let under: ViewsUnderTest;
    let views: Views;
    beforeEach(async () => {
      under = create();
      views = await under.open();
    });
    afterEach(async () => {
      await views.close();
      await under.remove();
    });

    describe('rows and progress', () => {
      it('are one commit, and are there after a restart', async () => {
        await took(views, [paid(purchase('p1', 5n))], 7n);
        views = await under.reopen(views);
        expect(await views.progress('topics')).toEqual({ cursor: 'at 7', ledger: 7n });
        expect(await views.purchases.byPayment(['p1'])).toEqual([purchase('p1', 5n)]);
      });

      it('are refused where the view stands elsewhere', async () => {
        await took(views, [], 7n);
        const stale = { source: 'topics', from: null, to: { cursor: 'at 9', ledger: 9n } } as const;
        await expect(views.apply([paid(purchase('p1', 8n))], stale)).rejects.toThrow(ViewMoved);
        expect(await views.purchases.byPayment(['p1'])).toEqual([]);
      });

      it('take a repeat, or an older row, for what it is: nothing new', async () => {
        await took(views, [paid(purchase('p1', 5n, { status: 'refunded', refunded: 1250 }))], 7n);
        await took(views, [paid(purchase('p1', 4n)), paid(purchase('p1', 5n))], 8n);
        expect((await views.purchases.byPayment(['p1']))[0]).toMatchObject({ status: 'refunded', sequence: 5n });
        const day = { merchant: 'm1', fromDay: '2026-11-24', toDay: '2026-11-24', limit: 10 };
        expect((await views.purchases.totals(day)).items).toMatchObject([{ captured: 1250, refunded: 1250 }]);
      });

      it('stand where the slower source stands, and tell who waits', async () => {
        await took(views, [], 7n);
        expect(await views.position()).toBe(0n);
        expect(await views.waitFor(5n, 1)).toBe('late');
        const waiting = views.waitFor(5n, 5_000);
        await reaches(views, 6n);
        expect(await waiting).toBe('reached');
        expect(await views.position()).toBe(6n);
        expect(await views.waitFor(6n, 0)).toBe('reached');
      });
    });

    describe('purchases', () => {
      beforeEach(async () => {
        const at = (minute: number) => ({ requestedAt: `2026-11-24T15:0${minute}:00.000Z` });
        const rows = [
          purchase('p1', 1n, at(1)),
          purchase('p2', 2n, at(2)),
          purchase('p3', 3n, { ...at(2), site: 's2' }),
          purchase('p4', 4n, { ...at(4), merchant: 'm2', currency: 'USD' }),
          purchase('p5', 5n, { requestedAt: '2026-11-25T01:00:00.000Z', refunded: 250 }),
        ];
        await took(views, rows.map(paid), 5n);
      });
      const ids = async (query: Parameters<Views['purchases']['list']>[0]): Promise<string[]> => {
        const found: string[] = [];
        for (let after: string | undefined; ;) {
          const page = await views.purchases.list({ ...query, ...(after === undefined ? {} : { after }) });
          found.push(...page.items.map(({ payment }) => payment));
          if (page.next === undefined) return found;
          after = page.next;
        }
      };

      it('are found by payment, in the order asked for', async () => {
        const found = await views.purchases.byPayment(['p3', 'nobody', 'p1']);
        expect(found.map(({ payment }) => payment)).toEqual(['p3', 'p1']);
      });

      it('are listed by merchant, site and time, newest first, page by page without gap or repeat', async () => {
        expect(await ids({ merchant: 'm1', limit: 1 })).toEqual(['p5', 'p3', 'p2', 'p1']);
        expect(await ids({ merchant: 'm1', site: 's1', limit: 2 })).toEqual(['p5', 'p2', 'p1']);
        expect(await ids({ limit: 2 })).toEqual(['p5', 'p4', 'p3', 'p2', 'p1']);
        const from = '2026-11-24T15:02:00.000Z';
        expect(await ids({ from, to: '2026-11-24T15:04:00.000Z', limit: 2 })).toEqual(['p3', 'p2']);
      });

      it('add up by day and currency', async () => {
        const days = { fromDay: '2026-11-24', toDay: '2026-11-25', limit: 10 };
        expect((await views.purchases.totals({ merchant: 'm1', ...days })).items).toEqual([
          { day: '2026-11-24', currency: 'EUR', payments: 3, captured: 3750, refunded: 0, chargedBack: 0 },
          { day: '2026-11-25', currency: 'EUR', payments: 1, captured: 1250, refunded: 250, chargedBack: 0 },
        ]);
        expect((await views.purchases.totals({ merchant: 'm1', site: 's2', ...days })).items).toMatchObject([
          { day: '2026-11-24', payments: 1 },
        ]);
        const first = await views.purchases.totals({ ...days, limit: 2 });
        expect(first.items.map(({ day, currency }) => [day, currency])).toEqual([
          ['2026-11-24', 'EUR'],
          ['2026-11-24', 'USD'],
        ]);
        const rest = await views.purchases.totals({ ...days, limit: 2, after: first.next! });
        expect(rest.items.map(({ day }) => day)).toEqual(['2026-11-25']);
      });

      it('refuse what is no query of theirs', async () => {
        const { next } = await views.purchases.list({ merchant: 'm1', limit: 1 });
        const refused = [
          { limit: 0 },
          { limit: 501 },
          { limit: 1.5 },
          { limit: 1, after: 'nonsense' },
          { limit: 1, after: next! },
          { limit: 1, merchant: 'm2', after: next! },
          { limit: 1, site: 's1' },
        ];
        for (const query of refused) await expect(views.purchases.list(query)).rejects.toThrow(InvalidQuery);
        const days = { fromDay: 'yesterday', toDay: '2026-11-25', limit: 1 };
        await expect(views.purchases.totals(days)).rejects.toThrow(InvalidQuery);
        await expect(views.purchases.byPayment(Array.from({ length: 501 }, String))).rejects.toThrow(InvalidQuery);
      });
    });

    describe('visits', () => {
      it('show what is in the cart, by article and price', async () => {
        const item = (sequence: bigint, article: string, quantity: number) =>
          entry('v1', sequence, {
            put: 'visit-item',
            row: { visit: 'v1', sequence, line: `l${sequence}`, article, quantity, unitPrice: 100, at: 'then' },
          });
        const entries = [
          entry('v1', 1n, { put: 'visit', row: visit('v1', 1n) }),
          item(2n, 'tea', 2),
          item(3n, 'milk', 1),
          item(10n, 'tea', -1),
          item(11n, 'milk', -1),
          item(12n, 'rye', 1),
        ];
        await took(views, [...entries, ...entries], 12n);
        const first = await views.visits.cart('v1', { limit: 1 });
        expect(first.items).toEqual([{ article: 'tea', unitPrice: 100, quantity: 1 }]);
        const rest = await views.visits.cart('v1', { limit: 5, after: first.next! });
        expect(rest).toEqual({ items: [{ article: 'rye', unitPrice: 100, quantity: 1 }] });
        expect((await views.visits.list({ merchant: 'm1', limit: 5 })).items).toEqual([visit('v1', 1n)]);
      });
    });

    describe('merchants, devices, principals, subscribers, checks and erasures', () => {
      it('are found by id and listed', async () => {
        const changedAt = '2026-11-24T15:00:00.000Z';
        const stood = { changedAt, sequence: 1n };
        const merchant = { merchant: 'm1', name: 'Tea', country: 'DE', currency: 'EUR', contracts: [], ...stood };
        const site = { merchant: 'm1', site: 's1', name: 'One', place: 'Here', timeZone: 'Europe/Berlin', open: true };
        const place = { merchant: 'm1', site: 's1', name: 'Till', nearInfrared: true };
        const device = { device: 'd1', kind: 'till', status: 'active', ...place, ...stood } as const;
        const roles = [{ role: 'merchant', merchant: 'm1' }] as const;
        const principal = { principal: 'x1', roles, removed: false, ...stood };
        const duty = { topics: ['purchases'], acknowledgesErasures: true };
        const subscriber = { subscriber: 'b1', name: 'Books', ...duty, retired: false, ...stood };
        const check = { check: 'c1', merchant: 'm1', site: 's1', device: 'd1', kind: 'badge', answer: 'yes' } as const;
        await took(
          views,
          [
            entry('m1', 1n, { put: 'merchant', row: merchant, sites: [site] }),
            entry('d1', 1n, { put: 'device', row: device }),
            entry('x1', 1n, { put: 'principal', row: principal }),
            entry('b1', 1n, { put: 'subscriber', row: subscriber }),
            entry('c1', 1n, { put: 'check', row: { ...check, at: changedAt, sequence: 1n } }),
          ],
          1n,
        );
        expect(await views.merchants.get('m1')).toEqual(merchant);
        expect(await views.merchants.get('m2')).toBeUndefined();
        expect(await views.merchants.site('m1', 's1')).toEqual(site);
        expect((await views.merchants.sites({ merchant: 'm1', limit: 5 })).items).toEqual([site]);
        expect((await views.merchants.list({ limit: 5 })).items).toEqual([merchant]);
        expect(await views.devices.get('d1')).toEqual(device);
        expect((await views.devices.list({ merchant: 'm1', site: 's1', limit: 5 })).items).toEqual([device]);
        expect(await views.principals.get('x1')).toEqual(principal);
        expect((await views.subscribers.list({ limit: 5 })).items).toEqual([subscriber]);
        expect((await views.checks.list({ merchant: 'm1', limit: 5 })).items).toMatchObject([check]);
      });

      it('list the erasures in progress, the soonest due first', async () => {
        const erasure = (id: string, sequence: bigint, dueBy: string, over: boolean) =>
          entry(id, sequence, {
            put: 'erasure',
            row: {
              erasure: id,
              reason: 'member',
              status: over ? 'certified' : 'started',
              over,
              needsApproval: false,
              startedAt: 'then',
              dueBy,
              withdrawableUntil: dueBy,
              subscribers: [],
              changedAt: 'then',
              sequence,
            },
          });
        const entries = [
          erasure('e1', 1n, '2026-12-24', false),
          erasure('e2', 2n, '2026-12-01', false),
          erasure('e3', 3n, '2026-11-30', false),
          erasure('e3', 4n, '2026-11-30', true),
        ];
        await took(views, entries, 4n);
        const first = await views.erasures.list({ limit: 1 });
        const second = await views.erasures.list({ limit: 1, after: first.next! });
        expect([...first.items, ...second.items].map(({ erasure }) => erasure)).toEqual(['e2', 'e1']);
        expect(second.next).toBeUndefined();
        expect((await views.erasures.list({ over: true, limit: 5 })).items).toMatchObject([{ erasure: 'e3' }]);
      });
    });

    describe('sealed members', () => {
      const member = { eventId: 'event-1', ciphertext: Uint8Array.of(9, 8, 7) };

      it('stay with a row that comes without one, and are gone once purged, whatever comes again', async () => {
        await took(views, [paid(purchase('p1', 1n, { member })), paid(purchase('p2', 1n, { member }))], 1n);
        await took(views, [paid(purchase('p1', 2n))], 2n);
        expect((await views.purchases.byPayment(['p1']))[0]?.member).toEqual(member);
        await views.purge(['p1', 'p3', 'nobody']);
        await took(views, [paid(purchase('p1', 3n, { member })), paid(purchase('p3', 3n, { member }))], 3n);
        views = await under.reopen(views);
        const rows = await views.purchases.byPayment(['p1', 'p2', 'p3']);
        expect(rows.map((row) => row.member)).toEqual([undefined, member, undefined]);
      });

      it('stay purged in a view that is rebuilt, from before it began and while it ran', async () => {
        await took(views, [paid(purchase('p1', 1n, { member })), paid(purchase('p2', 2n, { member }))], 2n);
        await views.purge(['p1']);
        const next = await views.rebuild();
        await took(next, [paid(purchase('p1', 1n, { member })), paid(purchase('p2', 2n, { member }))], 2n);
        await views.purge(['p2']);
        await next.swap();
        expect((await views.purchases.byPayment(['p1', 'p2'])).map((row) => row.member)).toEqual([
          undefined,
          undefined,
        ]);
      });
    });

    describe('poison', () => {
      it('stops its key alone, and parks what follows it', async () => {
        const parked = await took(
          views,
          [paid(purchase('p1', 1n)), poison('p1', 2n), paid(purchase('p1', 3n)), paid(purchase('p2', 4n))],
          4n,
        );
        expect(parked).toBe(2);
        const later = await took(views, [paid(purchase('p1', 5n)), poison('p1', 2n)], 5n);
        expect(later).toBe(1);
        expect((await views.purchases.byPayment(['p1', 'p2'])).map(({ sequence }) => sequence)).toEqual([1n, 4n]);
        const { items } = await views.parked.ofKey({ topic: 'purchases', key: 'p1', limit: 10 });
        expect(items.map(({ message, reason }) => [message.sequence, reason])).toEqual([
          [2n, 'unknown type'],
          [3n, 'follows'],
          [5n, 'follows'],
        ]);
        expect(items[0]?.message).toEqual(message('p1', 2n));
        expect(await views.parked.get(items[1]!.id)).toEqual(items[1]);
        expect((await views.parked.list({ limit: 2 })).items).toHaveLength(2);
        expect((await views.status()).parked).toBe(3);
      });

      it('is found by the view itself where a row cannot be kept', async () => {
        const broken = paid(purchase('p1', 1n, { merchant: null as unknown as string }));
        expect(await took(views, [broken, paid(purchase('p2', 2n))], 2n)).toBe(1);
        expect((await views.purchases.byPayment(['p2']))[0]?.sequence).toBe(2n);
        expect((await views.parked.list({ limit: 5 })).items[0]?.reason).toMatch(/refused by the view/);
      });

      it('is retried with what follows until one fails again', async () => {
        await took(views, [poison('p1', 1n), paid(purchase('p1', 2n)), poison('p1', 3n), paid(purchase('p1', 4n))], 4n);
        const retried = [paid(purchase('p1', 1n)), paid(purchase('p1', 2n)), poison('p1', 3n)];
        expect(await views.unpark('purchases', 'p1', retried)).toBe(2);
        expect((await views.purchases.byPayment(['p1']))[0]?.sequence).toBe(2n);
        const left = await views.parked.ofKey({ topic: 'purchases', key: 'p1', limit: 5 });
        expect(left.items.map(({ message, reason }) => [message.sequence, reason])).toEqual([
          [3n, 'unknown type'],
          [4n, 'follows'],
        ]);
      });

      it('is skipped for good: a repeat is skipped too, also in a rebuilt view', async () => {
        await took(views, [poison('p1', 1n)], 1n);
        expect(await views.unpark('purchases', 'p1', [{ message: message('p1', 1n), skipped: true }])).toBe(1);
        expect(await took(views, [poison('p1', 1n), paid(purchase('p1', 2n))], 2n)).toBe(0);
        const next = await views.rebuild();
        expect(await took(next, [poison('p1', 1n), paid(purchase('p1', 2n))], 2n)).toBe(0);
        await next.swap();
        expect(await views.parked.get(parkedId(message('p1', 1n)))).toBeUndefined();
      });
    });

    describe('a rebuild', () => {
      it('goes beside the live view, which moves on, and is swapped in', async () => {
        await took(views, [paid(purchase('old', 1n))], 1n);
        const next = await views.rebuild();
        await expect(views.rebuild()).rejects.toThrow(RebuildRunning);
        await took(next, [paid(purchase('new', 2n))], 2n);
        await took(views, [paid(purchase('old2', 3n))], 3n);
        expect((await views.status()).rebuilding).toBe(true);
        expect(await views.purchases.byPayment(['old', 'new', 'old2'])).toHaveLength(2);
        await next.swap();
        expect((await views.purchases.byPayment(['old', 'new', 'old2'])).map((row) => row.payment)).toEqual(['new']);
        expect(await views.progress('topics')).toEqual({ cursor: 'at 2', ledger: 2n });
        const stale = { source: 'topics', from: 'at 3', to: { cursor: 'at 4', ledger: 4n } } as const;
        await expect(views.apply([], stale)).rejects.toThrow(ViewMoved);
        views = await under.reopen(views);
        expect(await views.purchases.byPayment(['new'])).toHaveLength(1);
      });

      it('is given up without a trace', async () => {
        await took(views, [paid(purchase('old', 1n))], 1n);
        const next = await views.rebuild();
        await took(next, [paid(purchase('new', 2n))], 2n);
        await next.discard();
        expect(await views.purchases.byPayment(['old', 'new'])).toHaveLength(1);
        await (await views.rebuild()).discard();
      });
    });
  });
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fromBinary } from '@bufbuild/protobuf';
import canonicalize from 'canonicalize';
import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '#libs/domain/event.ts';
import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { PaymentEvent } from '#libs/domain/payment/events.ts';
import { frame } from '#libs/event-codec/sections.ts';
import { currentVersion } from '#libs/event-codec/tables/all.ts';
import type { Ledger, NewRecord } from '#libs/ledger/port.ts';
import { cursorFrom, cursorText } from './cursor.ts';
import { TooOld, TopicsClosed } from './errors.ts';
import { OneIdSchema, PurchaseSchema } from './messages.ts';
import type { Cursor, Topic, TopicMessage, Topics } from './port.ts';

/** A ledger and the topics that follow it, by whatever relay lies between. */
export interface TopicsUnderTest {
  readonly ledger: Ledger;
  readonly topics: Topics;
  close(): Promise<void>;
}

export const AT = '2026-11-24T15:00:00.000Z';

/** Records as the codec writes them, but for the sealed part, which is bytes that nobody opens. */
export function recordsOf<E extends DomainEvent>(stream: string, ...events: readonly E[]): NewRecord[] {
  return events.map(({ type, clear, sealed }) => ({
    id: randomUUID(),
    type,
    version: currentVersion(stream, type),
    recordedAt: AT,
    actor: 'system',
    clear: canonicalize(clear)!,
    sealed: sealed === undefined ? new Uint8Array() : frame({ data: Buffer.from(`sealed of ${stream}`) }),
  }));
}

export async function write<E extends DomainEvent>(
  ledger: Ledger,
  stream: string,
  ...events: readonly E[]
): Promise<bigint> {
  const last = (await ledger.readStream(stream, { backwards: true, limit: 1 })).at(0);
  return (await ledger.append(stream, last?.revision ?? 'none', recordsOf(stream, ...events))).position;
}

const owner = { oneId: 'x', transaction: 1, card: 'c', pseudonym: 'p' };
export const requested = (amount: number, merchant = 'm1'): PaymentEvent => ({
  type: 'PaymentRequested',
  clear: { merchant, site: 's1', device: 'd1', amount, currency: 'EUR', kind: 'sale' },
  sealed: owner,
});
export const paid = (amount: number): PaymentEvent[] => [
  requested(amount),
  { type: 'PaymentAuthorised', clear: { network: 'n', reason: '00' } },
  { type: 'CaptureRequested', clear: { amount } },
  { type: 'PaymentCaptured', clear: { amount } },
];
const enrolled: OneIdEvent[] = [
  { type: 'EnrolmentStarted', clear: { enrolBy: AT }, sealed: { device: 'd', site: 's', merchant: 'm' } },
  { type: 'PalmEnrolled', clear: { palm: 'left', hand: 'left', modelVersion: '1' } },
  { type: 'CardAdded', clear: { card: 'c1' } },
  { type: 'EnrolmentCompleted', clear: {} },
];
const paused: OneIdEvent = { type: 'Paused', clear: { reason: 'member' } };
const erased: OneIdEvent = { type: 'OneIdErased', clear: {} };
const destroyed = { type: 'KeysDestroyed', clear: { epoch: 1, keys: 1, copies: [] } } as const;
const pruned = { type: 'StreamPruned', clear: { records: 5 } } as const;

/** What a consumer has made of what it was handed: its messages, and how far it is. */
interface Taken {
  readonly messages: TopicMessage[];
  readonly cursor: Cursor;
}

export function describeTopics(name: string, create: () => Promise<TopicsUnderTest>): void {
  describe(`${name} as topics`, () => {
    let under: TopicsUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.close());

    /** Consumes until the ledger's end of now is passed. */
    async function take(topics: readonly Topic[], after: Cursor | 'beginning'): Promise<Taken> {
      const end = await under.ledger.head();
      const messages: TopicMessage[] = [];
      let cursor: Cursor = after === 'beginning' ? { since: 0n, done: {} } : after;
      const enough = new AbortController();
      if (end === 0n) return { messages, cursor };
      await under.topics.consume({ topics, after, signal: enough.signal }, async (batch, passed) => {
        messages.push(...batch);
        cursor = passed.cursor;
        if (passed.ledger >= end) enough.abort();
      });
      return { messages, cursor };
    }

    describe('a message', () => {
      it('says where it comes from, once and for all', async () => {
        await write(under.ledger, 'payment-p1', ...paid(1250));
        const { messages } = await take(['purchases'], 'beginning');
        expect(messages.map(({ attributes }) => attributes.type)).toEqual([
          'palmledger.purchases.requested.v1',
          'palmledger.purchases.authorised.v1',
          'palmledger.purchases.captured.v1',
        ]);
        const records = await under.ledger.readStream('payment-p1');
        const [first] = messages;
        expect(first?.key).toBe('p1');
        expect(first?.attributes).toMatchObject({
          specversion: '1.0',
          id: records[0]?.id,
          subject: 'p1',
          partitionkey: 'p1',
          time: AT,
          datacontenttype: 'application/protobuf',
          sequence: records[0]?.position.toString(),
        });
        expect((await take(['purchases'], 'beginning')).messages).toEqual(messages);
      });

      it('tells of a purchase how it stands, and of the member only ciphertext, with the request alone', async () => {
        await write(under.ledger, 'payment-p1', ...paid(1250));
        await write<PaymentEvent>(
          under.ledger,
          'payment-p1',
          { type: 'RefundRequested', clear: { refund: 'r1', amount: 250, reason: 'part' } },
          { type: 'PaymentRefunded', clear: { refund: 'r1', amount: 250, reason: 'part' } },
        );
        const { messages } = await take(['purchases'], 'beginning');
        const purchases = messages.map(({ value }) => fromBinary(PurchaseSchema, value!));
        expect(purchases.at(-1)).toMatchObject({
          payment: 'p1',
          merchant: 'm1',
          site: 's1',
          device: 'd1',
          amount: 250n,
          currency: 'EUR',
          standing: { captured: 1250n, refunded: 250n },
        });
        expect(purchases.map(({ member }) => member !== undefined)).toEqual([true, false, false, false]);
        const sealed = Buffer.from(purchases[0]!.member!.ciphertext).toString();
        expect([sealed, purchases[0]!.member!.eventId]).toEqual(['sealed of payment-p1', messages[0]!.attributes.id]);
      });

      it('is not made of what was never requested', async () => {
        await write(under.ledger, 'payment-p1', { type: 'PaymentAbandoned', clear: { reason: 'late' } });
        expect((await take(['purchases'], 'beginning')).messages).toEqual([]);
      });

      it('of an event that this build cannot read is there all the same, and says so', async () => {
        const [record] = recordsOf('payment-p1', requested(1));
        await under.ledger.append('payment-p1', 'none', [{ ...record!, version: 99 }]);
        const { messages } = await take(['purchases'], 'beginning');
        expect(messages.map(({ attributes }) => attributes.type)).toEqual(['palmledger.purchases.unreadable.v1']);
      });
    });

    describe('an event of a type that this build does not know', () => {
      it('makes the next one of its key unreadable, whoever reads from where', async () => {
        const [first, , ...rest] = recordsOf('payment-p1', ...paid(1));
        const [unknown] = recordsOf('payment-p1', requested(1));
        const position = (await under.ledger.append('payment-p1', 'none', [first!])).position;
        await under.ledger.append('payment-p1', 0n, [{ ...unknown!, type: 'PaymentTeleported' }, ...rest]);
        const told = async (after: Cursor | 'beginning') =>
          (await take(['purchases'], after)).messages.map(({ attributes }) => attributes.type.split('.')[2]);
        expect(await told('beginning')).toEqual(['requested', 'unreadable']);
        expect(await told(await under.topics.cursorAt(['purchases'], position))).toContain('unreadable');
      });
    });

    describe('a consumer', () => {
      it('gets each key in order, and goes on from its cursor without a gap', async () => {
        for (let round = 1; round <= 5; round += 1) await write(under.ledger, `payment-p${round}`, ...paid(round));
        const first = await take(['purchases'], 'beginning');
        expect(new Set(first.messages.map(({ key }) => key)).size).toBe(5);
        for (const message of first.messages) {
          const before = first.messages.slice(0, first.messages.indexOf(message));
          const sequences = before.filter(({ key }) => key === message.key).map((one) => one.attributes.sequence);
          expect(sequences.every((one) => BigInt(one) < BigInt(message.attributes.sequence))).toBe(true);
          const places = before.filter(({ partition }) => partition === message.partition).map((one) => one.position);
          expect(places.every((one) => one < message.position)).toBe(true);
        }
        await write(under.ledger, 'payment-p6', ...paid(6));
        const cursor = cursorFrom(cursorText(first.cursor));
        expect((await take(['purchases'], cursor)).messages.map(({ key }) => key)).toEqual(['p6', 'p6', 'p6']);
      });

      it('gets what comes later, and its batches one after the other', async () => {
        const enough = new AbortController();
        const seen: string[] = [];
        let busy = 0;
        const consuming = under.topics.consume(
          { topics: ['purchases'], after: 'beginning', signal: enough.signal },
          async (batch) => {
            busy += 1;
            expect(busy).toBe(1);
            await new Promise((resolve) => setTimeout(resolve, 5));
            seen.push(...batch.map(({ key }) => key));
            busy -= 1;
            if (seen.length >= 6) enough.abort();
          },
        );
        await write(under.ledger, 'payment-p1', ...paid(1));
        await write(under.ledger, 'payment-p2', ...paid(2));
        await consuming;
        expect(seen.filter((key) => key === 'p2')).toHaveLength(3);
      });

      it('that fails ends with its own reason, and gets the same again', async () => {
        await write(under.ledger, 'payment-p1', ...paid(1));
        const { signal } = new AbortController();
        const failing = under.topics.consume({ topics: ['purchases'], after: 'beginning', signal }, async () => {
          throw new Error('disk full');
        });
        await expect(failing).rejects.toThrow('disk full');
        expect((await take(['purchases'], 'beginning')).messages).toHaveLength(3);
      });

      it('may begin at a place of the ledger', async () => {
        const position = await write(under.ledger, 'payment-p1', ...paid(1));
        await write(under.ledger, 'payment-p2', ...paid(2));
        const cursor = await under.topics.cursorAt(['purchases'], position);
        const keys = (await take(['purchases'], cursor)).messages.map(({ key }) => key);
        expect(keys.filter((key) => key === 'p2')).toHaveLength(3);
      });

      it('is told where the ledger was set back behind its cursor', async () => {
        await write(under.ledger, 'payment-p1', ...paid(1));
        const { cursor } = await take(['purchases'], 'beginning');
        const done = Object.fromEntries(Object.entries(cursor.done).map(([at, position]) => [at, position + 1_000n]));
        await expect(take(['purchases'], { ...cursor, done })).rejects.toThrow(TooOld);
      });

      it('is refused once the topics are closed', async () => {
        await write(under.ledger, 'payment-p1', ...paid(1));
        await under.topics.close();
        await expect(take(['purchases'], 'beginning')).rejects.toThrow(TopicsClosed);
      });
    });

    describe('one-ids', () => {
      it('has the whole clear state, from the end of the enrolment on', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled, paused);
        const { messages } = await take(['one-ids', 'one-id-changes'], 'beginning');
        const states = messages.filter(({ topic }) => topic === 'one-ids');
        expect(states.map(({ value }) => fromBinary(OneIdSchema, value!).paused)).toEqual([false, true]);
        expect(fromBinary(OneIdSchema, states[0]!.value!)).toMatchObject({ oneId: 'a', cards: ['c1'] });
        const changes = messages.filter(({ topic }) => topic === 'one-id-changes');
        expect(changes.map(({ attributes }) => attributes.type.split('.')[2])).toEqual(['registered', 'paused']);
      });

      it('forgets a warning when a device sees the person, however it is found out', async () => {
        const opened: OneIdEvent = {
          type: 'TransactionOpened',
          clear: { number: 1, kind: 'payment', settleBy: AT, ticketHash: 'h' },
          sealed: { streams: [], merchant: 'm', site: 's', device: 'd' },
        };
        const warned: OneIdEvent = { type: 'ExpiryWarned', clear: { expiresOn: AT } };
        await write(under.ledger, 'oneId-a', ...enrolled, opened, warned);
        const { messages, cursor } = await take(['one-ids'], 'beginning');
        expect(messages.map(({ value }) => fromBinary(OneIdSchema, value!).expiresOn !== undefined)).toEqual([
          false,
          true,
        ]);
        await write(under.ledger, 'oneId-a', opened, opened);
        const later = (await take(['one-ids'], cursor)).messages;
        expect(later.map(({ value }) => fromBinary(OneIdSchema, value!).expiresOn)).toEqual([undefined]);
      });

      it('ends a key with a tombstone for whoever listens, and a removal waits for it', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled);
        const first = await take(['one-ids'], 'beginning');
        await write(under.ledger, 'erasure-e', destroyed);
        const tombstone = await write(under.ledger, 'oneId-a', erased);
        let release = (): void => {};
        const held = new Promise<void>((resolve) => (release = resolve));
        const seen: TopicMessage[] = [];
        const stop = new AbortController();
        const listening = under.topics.consume(
          { topics: ['one-ids'], after: first.cursor, signal: stop.signal },
          async (batch) => {
            await held;
            seen.push(...batch);
          },
        );
        await eventually(async () => (await under.topics.passed()) < tombstone);
        release();
        await eventually(async () => (await under.topics.passed()) >= tombstone);
        await under.ledger.prune('oneId-a');
        await write(under.ledger, 'erasure-e', pruned);
        await write(under.ledger, 'oneId-b', ...enrolled);
        await eventually(async () => seen.some(({ key }) => key === 'b'));
        stop.abort();
        await listening;
        expect(seen.map(({ key, value }) => [key, value === null])).toEqual([
          ['a', true],
          ['b', false],
        ]);
      });
    });

    describe('a consumer that was away while somebody was erased', () => {
      const erase = async (oneId: string, erasure: string): Promise<void> => {
        await write(under.ledger, `erasure-${erasure}`, destroyed);
        await write(under.ledger, `oneId-${oneId}`, erased);
        await under.ledger.prune(`oneId-${oneId}`);
        await write(under.ledger, `erasure-${erasure}`, pruned);
      };

      it('gets the tombstone, or is told to begin anew; never neither', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled);
        const { cursor } = await take(['one-ids'], 'beginning');
        await erase('a', 'e');
        const outcome = await take(['one-ids'], cursor).then(
          ({ messages }) => messages.some(({ key, value }) => key === 'a' && value === null),
          (error: unknown) => error instanceof TooOld,
        );
        expect(outcome).toBe(true);
      });

      it('and comes back while the removal is under way, gets the tombstone or is told as well', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled);
        const { cursor } = await take(['one-ids'], 'beginning');
        await write(under.ledger, 'erasure-e', destroyed);
        await write(under.ledger, 'oneId-a', erased);
        await under.topics.passed();
        await under.ledger.prune('oneId-a');
        const stop = new AbortController();
        let seen = false;
        const outcome = under.topics
          .consume({ topics: ['one-ids'], after: cursor, signal: stop.signal }, async (batch) => {
            seen ||= batch.some(({ key, value }) => key === 'a' && value === null);
            if (seen) stop.abort();
          })
          .then(
            () => seen,
            (error: unknown) => error instanceof TooOld,
          );
        await write(under.ledger, 'erasure-e', pruned);
        expect(await outcome).toBe(true);
      });

      it('begins anew without them, and is not told of those it never held', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled);
        await erase('a', 'e');
        await write(under.ledger, 'oneId-b', ...enrolled);
        const { messages, cursor } = await take(['one-ids'], 'beginning');
        const held = new Map(messages.map(({ key, value }) => [key, value]));
        expect([...held].filter(([, value]) => value !== null).map(([key]) => key)).toEqual(['b']);
        await write(under.ledger, 'oneId-b', paused);
        const half: Cursor = { since: cursor.since, done: {} };
        for (const from of [cursor, half]) {
          const later = await take(['one-ids'], from);
          expect(later.messages.at(-1)?.key).toBe('b');
        }
      });

      it('follows other topics as if nothing had happened', async () => {
        await write(under.ledger, 'oneId-a', ...enrolled);
        await write(under.ledger, 'payment-p1', ...paid(1));
        const { cursor } = await take(['purchases'], 'beginning');
        await erase('a', 'e');
        await write(under.ledger, 'payment-p2', ...paid(2));
        expect((await take(['purchases'], cursor)).messages).toHaveLength(3);
      });
    });
  });
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it never came true');
}

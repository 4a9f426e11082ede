import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RecordRefused, RecordTooLarge, StreamPruned, WrongExpectedRevision } from './errors.ts';
import { leafHash } from './leaf.ts';
import { collect, readAllOf, readUntil } from './ledger.contract-reading.ts';
import type { Ledger } from './port.ts';
import { readWhole } from './read-whole.ts';
import { aRecord, asNew, idsOf, records } from './records.fixture.ts';

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  end(): Promise<void>;
}

/**
 * What every ledger does. All tests run on one ledger: streams' names are fresh in each, and positions are only compared, so that
 * a server shared with others passes too.
 */
export function ledgerContract(name: string, start: () => Promise<LedgerUnderTest>): void {
  describe(`${name} as a ledger`, () => {
    let ledger: Ledger;
    let end: () => Promise<void>;
    let stream: string;
    let streams = 0;
    beforeAll(async () => {
      const started = await start();
      ({ ledger } = started);
      end = () => started.end();
    });
    beforeEach(() => {
      stream = `payment-${process.pid}-${Date.now()}-${++streams}`;
    });
    afterAll(() => end());

    describe('appending', () => {
      it('starts a stream that must not exist, then goes on from its revision', async () => {
        expect(await ledger.append(stream, 'none', records(2))).toMatchObject({ revision: 1n });
        expect(await ledger.append(stream, 1n, records(1))).toMatchObject({ revision: 2n });
        expect((await ledger.readStream(stream)).map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
      });

      it('gives back what was appended, with the leaf hash of it', async () => {
        const record = aRecord({ actor: 'service', version: 3, clear: '{"note":"\\u0001 ü 🖐"}' });
        await ledger.append(stream, 'none', [record, aRecord({ sealed: new Uint8Array(0) })]);
        const [stored, empty] = await ledger.readStream(stream);
        expect(asNew(stored!)).toEqual(asNew(record));
        expect(stored!.stream).toBe(stream);
        expect(Buffer.from(stored!.leaf).equals(leafHash(stream, record))).toBe(true);
        expect(empty!.sealed.byteLength).toBe(0);
      });

      it('takes no array that is a view into a larger one for the larger one', async () => {
        const all = new Uint8Array(1000).fill(7);
        await ledger.append(stream, 'none', [aRecord({ sealed: all.subarray(10, 13) })]);
        expect([...(await ledger.readStream(stream))[0]!.sealed]).toEqual([7, 7, 7]);
      });

      it('refuses a revision that the stream does not have, and says which it has', async () => {
        await expect(ledger.append(stream, 0n, records(1))).rejects.toMatchObject({ expected: 0n, actual: 'none' });
        await ledger.append(stream, 'none', records(2));
        await expect(ledger.append(stream, 2n, records(1))).rejects.toMatchObject({ expected: 2n, actual: 1n });
        await expect(ledger.append(stream, 0n, records(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 'none', records(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
        expect(await ledger.readStream(stream)).toHaveLength(2);
      });

      it('takes a repeated append for the first one', async () => {
        const [first, second] = [records(2), records(2)];
        await ledger.append(stream, 'none', first);
        const answered = await ledger.append(stream, 1n, second);
        await ledger.append(stream, 3n, records(1));
        expect(await ledger.append(stream, 1n, second)).toEqual(answered);
        expect(await ledger.append(stream, 'none', first)).toMatchObject({ revision: 1n });
        expect(idsOf(await ledger.readStream(stream)).slice(0, 4)).toEqual(idsOf([...first, ...second]));
      });

      it('takes a part of an earlier append for a repeat, but not another order, nor one that runs past the end', async () => {
        const [a, b, c] = records(3) as [
          ReturnType<typeof aRecord>,
          ReturnType<typeof aRecord>,
          ReturnType<typeof aRecord>,
        ];
        await ledger.append(stream, 'none', [a, b]);
        expect(await ledger.append(stream, 'none', [a])).toMatchObject({ revision: 0n });
        expect(await ledger.append(stream, 0n, [b])).toMatchObject({ revision: 1n });
        await expect(ledger.append(stream, 'none', [b, a])).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 'none', [a, c])).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 'none', [a, b, c])).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 0n, [a])).rejects.toBeInstanceOf(WrongExpectedRevision);
      });

      it('knows an id only in its own stream', async () => {
        const record = aRecord();
        await ledger.append(stream, 'none', [record]);
        expect(await ledger.append(`${stream}-other`, 'none', [record])).toMatchObject({ revision: 0n });
        expect(await ledger.append(stream, 0n, [record])).toMatchObject({ revision: 1n });
      });

      it('decides as the model does, whatever is appended and repeated', async () => {
        const pool = records(6);
        const command = fc.record({
          expected: fc.integer({ min: -1, max: 6 }),
          picks: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
        });
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
            const name = `${stream}-${++run}`;
            const model: string[] = [];
            for (const { expected, picks } of commands) {
              const chosen = picks.map((pick) => pool[pick]!);
              const answer = await ledger.append(name, expected < 0 ? 'none' : BigInt(expected), chosen).then(
                ({ revision }) => revision,
                (error: unknown) => error,
              );
              const there = model.slice(expected + 1, expected + 1 + chosen.length);
              if (expected === model.length - 1) {
                model.push(...idsOf(chosen));
                expect(answer).toBe(BigInt(model.length - 1));
              } else if (expected < model.length - 1 && `${there}` === `${idsOf(chosen)}`)
                expect(answer).toBe(BigInt(expected + chosen.length));
              else expect(answer).toBeInstanceOf(WrongExpectedRevision);
            }
            expect(idsOf(await ledger.readStream(name))).toEqual(model);
          }),
          { numRuns: 20 },
        );
      });

      it('only checks where there is nothing to append', async () => {
        expect(await ledger.append(stream, 'none', [])).toMatchObject({ revision: -1n });
        const { position } = await ledger.append(stream, 'none', records(2));
        expect(await ledger.append(stream, 1n, [])).toEqual({ revision: 1n, position });
        await expect(ledger.append(stream, 0n, [])).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 'none', [])).rejects.toBeInstanceOf(WrongExpectedRevision);
      });

      it('lets one of fifty writers on one revision through', async () => {
        await ledger.append(stream, 'none', records(1));
        const tries = await Promise.allSettled(Array.from({ length: 50 }, () => ledger.append(stream, 0n, records(1))));
        const refused = tries.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
        expect(refused).toHaveLength(49);
        for (const { reason } of refused) expect(reason).toBeInstanceOf(WrongExpectedRevision);
        expect(await ledger.readStream(stream)).toHaveLength(2);
      });

      it('gives the same append a hundred times at once one answer', async () => {
        const same = records(2);
        const answers = await Promise.all(Array.from({ length: 100 }, () => ledger.append(stream, 'none', same)));
        expect(new Set(answers.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
        expect(await ledger.readStream(stream)).toHaveLength(2);
      });

      it('keeps concurrent appends to several streams apart: one that is refused leaves the others alone', async () => {
        await ledger.append(stream, 'none', records(1));
        const names = Array.from({ length: 30 }, (_, number) => (number % 3 === 0 ? stream : `${stream}-${number}`));
        const tries = await Promise.allSettled(names.map((each) => ledger.append(each, 'none', records(3))));
        expect(tries.map(({ status }) => status === 'fulfilled')).toEqual(names.map((each) => each !== stream));
        expect(await ledger.readStream(`${stream}-1`)).toHaveLength(3);
        expect(await ledger.readStream(stream)).toHaveLength(1);
      });

      it('takes 1 MiB at once and not a byte more', async () => {
        const clear = '{}';
        const most = new Uint8Array(1024 * 1024 - clear.length);
        await ledger.append(stream, 'none', [aRecord({ clear, sealed: most })]);
        const more = [aRecord({ clear, sealed: most }), aRecord({ clear: '[]', sealed: new Uint8Array(0) })];
        await expect(ledger.append(stream, 0n, more)).rejects.toBeInstanceOf(RecordTooLarge);
        expect((await ledger.readStream(stream))[0]!.sealed.byteLength).toBe(most.length);
      });

      it.each([
        ['id', { id: 'not-a-uuid' }],
        ['type', { type: '' }],
        ['version', { version: 0 }],
        ['time', { recordedAt: 'yesterday' }],
        ['actor', { actor: 'nobody' as 'member' }],
        ['clear part', { clear: '' }],
      ])('refuses a record whose %s is none', async (field, fields) => {
        await expect(ledger.append(stream, 'none', [aRecord(fields)])).rejects.toMatchObject({ field });
        await expect(ledger.append(stream, 'none', [aRecord(fields)])).rejects.toBeInstanceOf(RecordRefused);
      });

      it('refuses names that are not for streams', async () => {
        await expect(ledger.append('', 'none', records(1))).rejects.toBeInstanceOf(RecordRefused);
        await expect(ledger.append('$$x', 'none', records(1))).rejects.toBeInstanceOf(RecordRefused);
      });
    });

    describe('reading a stream', () => {
      it('finds nothing where there is none, or beyond its end', async () => {
        expect(await ledger.readStream(stream)).toEqual([]);
        await ledger.append(stream, 'none', records(1));
        expect(await ledger.readStream(stream, { from: 1n })).toEqual([]);
      });

      it('reads both ways, from a revision, in pages', async () => {
        const appended = records(10);
        await ledger.append(stream, 'none', appended);
        const ids = idsOf(appended);
        expect(idsOf(await ledger.readStream(stream, { from: 3n, limit: 4 }))).toEqual(ids.slice(3, 7));
        expect(idsOf(await ledger.readStream(stream, { backwards: true, limit: 2 }))).toEqual([ids[9], ids[8]]);
        expect(idsOf(await ledger.readStream(stream, { backwards: true, from: 1n }))).toEqual([ids[1], ids[0]]);
        const whole = await collect(readWhole(ledger, stream, { limit: 3 }));
        expect(idsOf(whole)).toEqual(ids);
        const reversed = await collect(readWhole(ledger, stream, { limit: 3, backwards: true }));
        expect(idsOf(reversed)).toEqual(ids.toReversed());
      });

      it('reads it as of a position', async () => {
        await ledger.append(stream, 'none', records(2));
        const { position } = await ledger.append(stream, 1n, records(1));
        await ledger.append(stream, 2n, records(2));
        expect(await ledger.readStream(stream, { upTo: position })).toHaveLength(3);
        expect(await ledger.readStream(stream, { upTo: position - 1n })).toHaveLength(2);
        const [last] = await ledger.readStream(stream, { upTo: position, backwards: true, limit: 1 });
        expect(last!.revision).toBe(2n);
      });

      it('gives a page of many large records to its end', async () => {
        const sealed = new Uint8Array(900_000);
        for (let revision = -1n; revision < 7n; revision++)
          await ledger.append(stream, revision < 0n ? 'none' : revision, [aRecord({ sealed })]);
        expect(await collect(readWhole(ledger, stream))).toHaveLength(8);
      });
    });

    describe('reading all', () => {
      it('goes through every stream in the order of positions, which rise', async () => {
        const after = await ledger.head();
        const [a, b, c] = [records(2), records(1), records(1)];
        await ledger.append(stream, 'none', a);
        await ledger.append(`${stream}-b`, 'none', b);
        await ledger.append(stream, 1n, c);
        const all = await readAllOf(ledger, { after, limit: 3 });
        expect(idsOf(all)).toEqual(idsOf([...a, ...b, ...c]));
        const positions = all.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].sort((x, y) => (x < y ? -1 : 1)));
        expect(await ledger.head()).toBe(positions.at(-1));
      });

      it('picks types, and moves on where none matches', async () => {
        const after = await ledger.head();
        const type = `Type${stream}`;
        await ledger.append(stream, 'none', [aRecord({ type }), aRecord(), aRecord({ type }), aRecord()]);
        const found = await readAllOf(ledger, { after, limit: 1, types: [type, 'NeverSeen'] });
        expect(found.map(({ revision }) => revision)).toEqual([0n, 2n]);
        const nothing = await ledger.readAll({ after, limit: 100, types: ['NeverSeen'] });
        expect(nothing.records).toEqual([]);
        expect(nothing.next).toBeGreaterThan(after);
      });

      it('stays where it is at the end', async () => {
        await ledger.append(stream, 'none', records(1));
        const after = await ledger.head();
        expect(await ledger.readAll({ after, limit: 10 })).toEqual({ records: [], next: after });
      });
    });

    describe('subscribing', () => {
      it('tells what is there, then what comes, once each and in order', async () => {
        const after = await ledger.head();
        const ids: string[] = [];
        const write = async (from: number, to: number): Promise<void> => {
          for (let number = from; number < to; number++) {
            const [record] = records(1);
            ids.push(record!.id);
            await ledger.append(stream, number === 0 ? 'none' : BigInt(number - 1), [record!]);
          }
        };
        await write(0, 30);
        const reading = readUntil(ledger, { after }, (told) => told.length >= 90);
        await write(30, 90);
        expect(idsOf((await reading).records)).toEqual(ids);
      });

      it('filters by type, and passes what does not match', async () => {
        const after = await ledger.head();
        const type = `Type${stream}`;
        const reading = readUntil(
          ledger,
          { after, types: [type] },
          (told, passed) => told.length === 2 && passed >= last,
        );
        let last = 2n ** 62n;
        await ledger.append(stream, 'none', [aRecord({ type }), aRecord(), aRecord({ type })]);
        last = (await ledger.append(`${stream}-2`, 'none', records(3))).position;
        // Whoever was told of that one already is told again now.
        await ledger.append(`${stream}-3`, 'none', records(1));
        const { records: told, passed } = await reading;
        expect(told.map(({ revision }) => revision)).toEqual([0n, 2n]);
        expect(passed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(passed);
      });

      it('waits for whoever is slow', async () => {
        const after = await ledger.head();
        await ledger.append(stream, 'none', records(5));
        let running = 0;
        let most = 0;
        const slow = async (): Promise<void> => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 15));
          running -= 1;
        };
        const reading = readUntil(ledger, { after }, (told) => told.length >= 20, slow);
        for (let revision = 4n; revision < 19n; revision++) await ledger.append(stream, revision, records(1));
        expect((await reading).records).toHaveLength(20);
        expect(most).toBe(1);
      });

      it('ends with the signal, and with what the reader throws', async () => {
        const after = await ledger.head();
        const stop = new AbortController();
        const idle = ledger.subscribe({ after, signal: stop.signal }, async () => undefined);
        stop.abort();
        await idle;
        await ledger.append(stream, 'none', records(1));
        const failing = ledger.subscribe({ after, signal: new AbortController().signal }, async () => {
          throw new Error('no more');
        });
        await expect(failing).rejects.toThrow('no more');
      });
    });

    describe('snapshots', () => {
      it('keeps one a stream, for the fold that made it', async () => {
        await ledger.append(stream, 'none', records(3));
        expect(await ledger.snapshots.load(stream, 'one-id@1')).toBeUndefined();
        await ledger.snapshots.save(stream, 'one-id@1', 1n, '{"a":1}');
        expect(await ledger.snapshots.load(stream, 'one-id@1')).toEqual({ revision: 1n, state: '{"a":1}' });
        await ledger.snapshots.save(stream, 'one-id@2', 2n, '{"a":2}');
        expect(await ledger.snapshots.load(stream, 'one-id@1')).toBeUndefined();
        expect(await ledger.snapshots.load(stream, 'one-id@2')).toEqual({ revision: 2n, state: '{"a":2}' });
      });
    });

    describe('pruning', () => {
      it('removes a stream and its snapshot for good, and leaves the others', async () => {
        const after = await ledger.head();
        const other = `${stream}-other`;
        const first = records(1);
        await ledger.append(stream, 'none', first);
        await ledger.append(other, 'none', records(2));
        await ledger.append(stream, 0n, records(2));
        await ledger.append(other, 1n, records(1));
        await ledger.snapshots.save(stream, 'fold', 1n, '{}');
        expect(await ledger.prune(stream)).toEqual({ records: 3 });
        expect(await ledger.prune(stream)).toEqual({ records: 3 });
        expect(await ledger.readStream(stream)).toEqual([]);
        expect(await ledger.snapshots.load(stream, 'fold')).toBeUndefined();
        await expect(ledger.append(stream, 2n, records(1))).rejects.toBeInstanceOf(StreamPruned);
        await expect(ledger.append(stream, 'none', first)).rejects.toBeInstanceOf(StreamPruned);
        expect((await readAllOf(ledger, { after, limit: 2 })).map((record) => record.stream)).toEqual([
          other,
          other,
          other,
        ]);
      });

      it('passes a pruned end', async () => {
        const after = await ledger.head();
        const { position } = await ledger.append(stream, 'none', records(3));
        await ledger.prune(stream);
        const page = await ledger.readAll({ after, limit: 10 });
        expect(page.records).toEqual([]);
        expect(page.next).toBeGreaterThanOrEqual(after);
        expect((await ledger.append(`${stream}-2`, 'none', records(1))).position).toBeGreaterThan(position);
      });
    });

    describe('short-lived streams', () => {
      const keepUntil = '2026-11-27T15:00:00.000Z';

      it('are read like others, stand outside reading all, and go after their time', async () => {
        const after = await ledger.head();
        const claim = aRecord({ type: 'Claimed' });
        await ledger.append(stream, 'none', [claim], { keepUntil });
        expect(await ledger.append(stream, 'none', [claim], { keepUntil })).toMatchObject({ revision: 0n });
        const competing = ledger.append(stream, 'none', records(1), { keepUntil });
        await expect(competing).rejects.toBeInstanceOf(WrongExpectedRevision);
        await expect(ledger.append(stream, 'none', records(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
        expect(idsOf(await ledger.readStream(stream))).toEqual([claim.id]);
        expect(await readAllOf(ledger, { after, limit: 10 })).toEqual([]);
        await ledger.sweepShortLived(keepUntil);
        expect(idsOf(await ledger.readStream(stream))).toEqual([claim.id]);
        const later = '2026-11-27T15:00:00.001Z';
        expect((await ledger.dueShortLived(later, 1000)).map((record) => record.stream)).toContain(stream);
        await ledger.sweepShortLived(later);
        expect(await ledger.readStream(stream)).toEqual([]);
        expect(await ledger.append(stream, 'none', records(1), { keepUntil })).toMatchObject({ revision: 0n });
      });

      it('are read by name, some streams at a time, each whole', async () => {
        const names = ['a', 'b', 'c'].map((letter) => `${stream}-${letter}`);
        for (const name of names) await ledger.append(name, 'none', records(2), { keepUntil });
        const found: string[] = [];
        for (let after = stream; ;) {
          const page = await ledger.readShortLived({ after, limit: 2 });
          found.push(...page.map((record) => record.stream));
          const last = page.at(-1)?.stream;
          if (last === undefined || !last.startsWith(stream)) break;
          after = last;
        }
        expect(found.filter((name) => name.startsWith(stream))).toEqual(names.flatMap((name) => [name, name]));
      });

      it('go some at a time, oldest first', async () => {
        const times = ['2020-01-03', '2020-01-01', '2020-01-02'].map((day) => `${day}T00:00:00.000Z`);
        for (const [number, time] of times.entries())
          await ledger.append(`${stream}-${number}`, 'none', records(2), { keepUntil: time });
        expect(await ledger.sweepShortLived('2021-01-01T00:00:00.000Z', 2)).toEqual({ streams: 2 });
        expect(await ledger.readStream(`${stream}-0`)).toHaveLength(2);
        expect(await ledger.readStream(`${stream}-1`)).toEqual([]);
      });
    });
  });
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '#libs/domain/event.ts';
import { openHouse, type House } from '#libs/testing/house.ts';
import type { NewRecord, StoredRecord } from '#libs/ledger/port.ts';
import { encode, foldedOf, itemOf, keyName, open } from './codec.ts';
import { RecordMalformed, UnknownEvent, UnlistedField } from './errors.ts';
import { openSignature, sealSignature } from './palm-signature.ts';
import { frame, unframe } from './sections.ts';
import { tables } from './tables/all.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.parts.keyring.make([
    'oneId-a',
    'oneId-a/card1',
    'oneId-a/palm1',
    'oneId-b',
    'oneId-b/card1',
    'payment-p',
  ]);
});
afterAll(() => house.close());

const WRITING = { at: '2026-11-24T10:00:00.000Z', actor: 'member', about: { who: 'oneId-a', device: 'till' } } as const;
const CARD: DomainEvent = {
  type: 'CardAdded',
  clear: { card: 'card1' },
  sealed: { token: 'tok_77', brand: 'visa', lastFour: '4242', expiry: '2031-12' },
};

async function written(stream: string, ...events: DomainEvent[]): Promise<StoredRecord[]> {
  const records = await encode(house.parts.keyring, stream, events, WRITING);
  return records.map((record, index) => stored(stream, record, index));
}
function stored(stream: string, record: NewRecord, index = 0): StoredRecord {
  return { ...record, stream, revision: BigInt(index), position: BigInt(index + 1), leaf: new Uint8Array(32) };
}

describe('an event as a record', () => {
  it('shows its clear fields and nothing else', async () => {
    const [record] = await written('oneId-a', CARD);
    expect(record!.clear).toBe('{"card":"card1"}');
    for (const planted of ['tok_77', '4242', 'visa', 'till', 'oneId-a']) {
      expect(Buffer.from(record!.sealed).toString('latin1')).not.toContain(planted);
    }
  });

  it('opens to what it was, with who did it', async () => {
    const [opened] = await open(house.parts.keyring, await written('oneId-a', CARD));
    expect(opened).toMatchObject({ clear: CARD.clear, sealed: CARD.sealed, about: WRITING.about, at: WRITING.at });
  });

  it('given ciphertext that was moved to another event or stream, opens nothing', async () => {
    const [record] = await written('oneId-a', CARD);
    await expect(open(house.parts.keyring, [{ ...record!, id: randomUUID() }])).rejects.toMatchObject({
      name: 'SealBroken',
    });
    await expect(open(house.parts.keyring, [{ ...record!, stream: 'oneId-b' }])).rejects.toMatchObject({
      name: 'SealBroken',
    });
  });

  it('given a destroyed key, says gone for that part, and the rest still opens', async () => {
    await house.parts.keyring.make(['oneId-a/card9']);
    const records = await written('oneId-a', { ...CARD, clear: { card: 'card9' } });
    await house.parts.keyring.destroy(['oneId-a/card9']);
    const [opened] = await open(house.parts.keyring, records);
    expect(opened).toMatchObject({ sealed: 'gone', about: WRITING.about, clear: { card: 'card9' } });
  });

  it('given a field that no table lists, in the clear or sealed, is not written', async () => {
    const odd = { ...CARD, clear: { card: 'card1', number: '4242424242424242' } };
    await expect(written('oneId-a', odd)).rejects.toThrow(UnlistedField);
    const odder = { ...CARD, sealed: { ...CARD.sealed, pan: '4242424242424242' } };
    await expect(written('oneId-a', odder)).rejects.toThrow(UnlistedField);
  });

  it('given a key that was never made, is not written: sealing makes none', async () => {
    await expect(written('oneId-a', { ...CARD, clear: { card: 'unmade' } })).rejects.toMatchObject({
      name: 'KeyUnknown',
    });
  });

  it('tells little by its length: small parts are as long as each other', async () => {
    const [short] = await written('oneId-a', { ...CARD, sealed: { token: 'a' } });
    const [long] = await written('oneId-a', { ...CARD, sealed: { token: 'a'.repeat(30) } });
    expect(short!.sealed.length).toBe(long!.sealed.length);
  });
});

describe('a fold', () => {
  it('reads the clear part alone, whether keys are there or not', async () => {
    const [record] = await written('oneId-a', CARD);
    const blind = { ...record!, sealed: new Uint8Array(0) };
    expect(foldedOf(blind)).toEqual({ type: 'CardAdded', clear: { card: 'card1' }, at: WRITING.at });
  });

  it('given the first version of PaymentRequested, sees today’s, with a sale', async () => {
    const clear = '{"amount":1250,"currency":"EUR","device":"d","merchant":"m","site":"s"}';
    const [today] = await written('payment-p', requested());
    const old = { ...today!, version: 1, clear };
    expect(foldedOf(old).clear).toMatchObject({ kind: 'sale', amount: 1250 });
    const [opened] = await open(house.parts.keyring, [old]);
    expect(opened).toMatchObject({ clear: { kind: 'sale' }, sealed: { card: 'c' } });
    await house.parts.keyring.make(['payment-q']);
    const gone = { ...old, stream: 'payment-never-made' };
    expect((await open(house.parts.keyring, [gone]))[0]).toMatchObject({ clear: { kind: 'sale' }, sealed: 'gone' });
  });

  it('given a type or version from the future, guesses nothing', async () => {
    const [record] = await written('oneId-a', CARD);
    await expect(open(house.parts.keyring, [{ ...record!, version: 99 }])).rejects.toThrow(UnknownEvent);
    await expect(open(house.parts.keyring, [{ ...record!, type: 'CardTeleported' }])).rejects.toThrow(UnknownEvent);
    expect(() => foldedOf({ ...record!, version: 99 })).toThrow(UnknownEvent);
    for (const type of ['CardTeleported', 'constructor', 'toString', '__proto__']) {
      expect(() => foldedOf({ ...record!, type })).toThrow(UnknownEvent);
      expect(() => itemOf({ ...record!, type })).toThrow(UnknownEvent);
    }
    for (const stream of ['constructor-1', '__proto__-1', 'nodash'])
      expect(() => foldedOf({ ...record!, stream })).toThrow(UnknownEvent);
  });

  function requested(): DomainEvent {
    const clear = { merchant: 'm', site: 's', device: 'd', amount: 1250, currency: 'EUR', kind: 'sale' };
    return { type: 'PaymentRequested', clear, sealed: { oneId: 'a', transaction: 2, card: 'c', pseudonym: 'x' } };
  }
});

describe('a palm signature', () => {
  it('is sealed as bytes for one event, and opens there alone', async () => {
    const place = { stream: 'oneId-a', eventId: randomUUID(), palm: 'palm1' };
    const bytes = Uint8Array.from({ length: 2432 }, (_, index) => index % 251);
    const presealed = await sealSignature(house.parts.keyring, place, bytes);
    const event = {
      type: 'PalmEnrolled',
      id: place.eventId,
      clear: { palm: 'palm1', hand: 'left', modelVersion: 'm' },
    };
    const [record] = await written('oneId-a', { ...event, sealed: { presealed } });
    expect(record!.id).toBe(place.eventId);
    expect(await openSignature(house.parts.keyring, record!)).toEqual(Buffer.from(bytes));
    await expect(openSignature(house.parts.keyring, { ...record!, id: randomUUID() })).rejects.toMatchObject({
      name: 'SealBroken',
    });
  });

  it('that was not sealed in its zone is not written', async () => {
    const clear = { palm: 'palm1', hand: 'left', modelVersion: 'm' };
    const event = { type: 'PalmEnrolled', clear, sealed: { signature: new Uint8Array(8) } };
    await expect(written('oneId-a', event)).rejects.toThrow(UnlistedField);
  });
});

describe('the frame of sealed parts', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 200 }), { nil: undefined });
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(bytes, bytes, (data, about) => {
        const sections = { ...(data === undefined ? {} : { data }), ...(about === undefined ? {} : { about }) };
        const back = unframe(frame(sections))!;
        expect([back.data, back.about].map((part) => part && [...part])).toEqual(
          [data, about].map((part) => part && [...part]),
        );
      }),
    );
  });

  it('given anything else, is none, and never throws', async () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const sections = unframe(noise);
        if (sections !== undefined)
          expect(Buffer.from(frame(sections)).equals(Buffer.from(noise))).toBe(
            sections.about === undefined || sections.data === undefined || noise[0] === 1,
          );
      }),
    );
    const [record] = await written('oneId-a', CARD);
    await expect(open(house.parts.keyring, [{ ...record!, sealed: new Uint8Array([9, 9]) }])).rejects.toThrow(
      RecordMalformed,
    );
  });
});

describe('the field tables', () => {
  const every = Object.entries(tables).flatMap(([kind, types]) =>
    Object.entries(types).map(([type, { current, versions }]) => ({ kind, type, table: versions[current]! })),
  );
  it.each(every)('$type names a clear field for each item whose key seals it', ({ table }) => {
    for (const rule of [table.sealed?.key, table.about]) {
      if (typeof rule === 'object') expect(table.clear).toContain('item' in rule ? rule.item : rule.reserved);
    }
    expect(
      table.clear.filter((field) => table.sealed?.fields.includes(field) && typeof table.sealed.key === 'string'),
    ).toEqual([]);
  });

  it.each(every)('of $kind let $type be sealed and opened again, with who did it', async ({ kind, type, table }) => {
    const stream = `${kind}-every`;
    const clear = Object.fromEntries(table.clear.map((field) => [field, field === 'key' ? 'every' : `clear ${field}`]));
    const sealed = Object.fromEntries((table.sealed?.fields ?? []).map((field) => [field, `sealed ${field}`]));
    const rules = [table.sealed?.key, table.about ?? 'stream'];
    const names = rules.flatMap((rule) =>
      rule === undefined || rule === 'nobody' ? [] : [keyName(stream, rule, clear)],
    );
    await house.parts.keyring.make([...new Set(names)]);
    const isSignature = table.sealed?.form === 'bytes';
    const carried = table.sealed === undefined || isSignature ? {} : { sealed };
    const [record] = await written(stream, { type, clear, ...carried });
    const [opened] = await open(house.parts.keyring, [record!]);
    expect(opened).toMatchObject({ type, clear, actor: 'member', at: WRITING.at });
    expect(opened!.sealed).toEqual('sealed' in carried ? sealed : undefined);
    expect(opened!.about).toEqual(kind === 'head' || table.about === 'nobody' ? undefined : WRITING.about);
    expect(foldedOf(record!)).toEqual({ type, clear, at: WRITING.at });
    expect(Buffer.from(record!.sealed).includes('sealed ')).toBe(false);
  });

  it('tell the item of a record without a key', async () => {
    const [record] = await written('oneId-a', CARD);
    expect(itemOf(record!)).toBe('card1');
  });
});

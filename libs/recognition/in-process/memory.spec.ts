import { describe, expect, it } from '@jest/globals';
import { newFreshness } from './freshness.ts';
import { inOrder } from './in-order.ts';
import { isAmong } from './last-four.ts';
import { overwrite, pack, unpack } from './packing.ts';
import { newReferences } from './references.ts';
import { newShortLived } from './short-lived.ts';
import { newTries } from './tries.ts';

function movedClock() {
  let now = Date.parse('2026-11-24T15:00:00.000Z');
  return { clock: { now: () => new Date(now) }, pass: (ms: number) => void (now += ms) };
}

describe('what the zone remembers for a while', () => {
  it('is gone when its time is over, and does not pile up', () => {
    const { clock, pass } = movedClock();
    const held = newShortLived<number>(clock, 1_000);
    held.put('a', 1);
    pass(999);
    held.put('b', 2);
    expect([held.get('a'), held.get('b')]).toEqual([1, 2]);
    pass(1);
    expect(held.get('a')).toBeUndefined();
    held.put('c', 3);
    expect(held.size()).toBe(2);
    held.dropWhere((value) => value === 2);
    expect(held.get('b')).toBeUndefined();
  });

  it('resolves a reference for its holder alone', () => {
    const { clock } = movedClock();
    const references = newReferences<string>(clock, 1_000);
    const reference = references.make('anna', 'till');
    expect(reference).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(references.resolve(reference, 'till')).toBe('anna');
    expect(references.resolve(reference, 'gate')).toBeUndefined();
    references.dropWhere((value) => value === 'anna');
    expect(references.resolve(reference, 'till')).toBeUndefined();
  });

  it('counts tries until the window is over or one was right', () => {
    const { clock, pass } = movedClock();
    const tries = newTries(clock, 2, 1_000);
    expect([tries.take('anna'), tries.take('anna'), tries.take('anna')]).toEqual([true, true, false]);
    expect(tries.take('ben')).toBe(true);
    pass(1_000);
    expect(tries.take('anna')).toBe(true);
    tries.forgive('anna');
    expect([tries.take('anna'), tries.take('anna')]).toEqual([true, true]);
  });
});

describe('a packed signature', () => {
  const shape = { modelVersion: 'v', dimensions: 3, codeBytes: 2 };
  const signature = () => ({
    modelVersion: 'v',
    vector: new Float32Array([0.6, -0.8, 0]),
    code: new Uint8Array([7, 9]),
  });

  it('is the vector in little-endian f32, then the code', () => {
    const packed = pack(signature());
    expect([...packed.subarray(0, 4)]).toEqual([0x9a, 0x99, 0x19, 0x3f]);
    expect([...packed.subarray(12)]).toEqual([7, 9]);
    expect(unpack(packed, shape)).toEqual(signature());
    expect(unpack(packed.subarray(1), shape)).toBeUndefined();
  });

  it('is a copy, also out of a Buffer, so that both can be overwritten', () => {
    const bytes = Buffer.from(pack(signature()));
    const unpacked = unpack(bytes, shape)!;
    bytes.fill(0);
    expect(unpacked).toEqual(signature());
    overwrite(unpacked);
    expect([...unpacked.vector, ...unpacked.code]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('small rules', () => {
  it('digits match whole, and one phone of several is enough', () => {
    expect([isAmong('2345', ['1111', '2345']), isAmong('2345', []), isAmong('2345', ['345'])]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('work in order goes on after a failure', async () => {
    const queue = inOrder();
    const done: number[] = [];
    const failed = queue(async () => Promise.reject(new Error('first')));
    const second = queue(async () => void done.push(2));
    await expect(failed).rejects.toThrow('first');
    await second;
    expect(done).toEqual([2]);
  });

  it('a position never goes back, and a failed index is a doubt of its own', () => {
    let failed = false;
    const freshness = newFreshness(
      1_000,
      () => failed,
      () => 0,
    );
    freshness.passed(9n, true);
    freshness.passed(4n, false);
    expect(freshness.state()).toEqual({ ready: true, position: 9n });
    failed = true;
    expect(freshness.state()).toMatchObject({ ready: false, why: 'failed' });
    expect(() => freshness.demand()).toThrow('failed');
  });
});

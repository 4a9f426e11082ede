import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DueQueue } from './due-queue.ts';

const step = fc.record({
  key: fc.integer({ min: 0, max: 20 }).map(String),
  does: fc.constantFrom('set', 'sooner', 'drop', 'take'),
  at: fc.integer({ min: 0, max: 50 }),
});

describe('The queue of what is due', () => {
  it('whatever was set, moved and dropped, gives out what is due, the soonest first, each key once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new DueQueue();
        const plain = new Map<string, number>();
        for (const { key, does, at } of steps) {
          if (does === 'drop') {
            queue.drop(key);
            plain.delete(key);
          } else if (does === 'set') {
            queue.set(key, at);
            plain.set(key, at);
          } else if (does === 'sooner') {
            queue.setSooner(key, at);
            plain.set(key, Math.min(at, plain.get(key) ?? Infinity));
          } else {
            const due = [...plain].filter(([, time]) => time <= at).sort((a, b) => a[1] - b[1]);
            const taken = queue.take(at, 3);
            expect(taken.map((one) => plain.get(one))).toEqual(due.slice(0, 3).map(([, time]) => time));
            for (const one of taken) plain.delete(one);
          }
          expect(queue.size).toBe(plain.size);
          expect(queue.nextAt()).toBe(plain.size === 0 ? undefined : Math.min(...plain.values()));
        }
      }),
    );
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CodeStore, StoredCode } from './codes.ts';

export interface OpenedCodeStore {
  readonly store: CodeStore;
  close(): Promise<void>;
}

/** What every adapter of `CodeStore` keeps to. */
export function codeStoreContract(name: string, open: () => Promise<OpenedCodeStore>): void {
  describe(`A code store (${name})`, () => {
    let opened: OpenedCodeStore;
    let store: CodeStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(async () => opened.close());

    const now = Date.parse('2026-11-24T15:00:00.000Z');
    const code = (byte: number, triesLeft = 5): StoredCode => ({
      hash: new Uint8Array(32).fill(byte),
      triesLeft,
      expiresAt: now + 1_000,
    });

    it('knows nothing at first', async () => {
      expect(await store.tryOnce('a', now)).toBeUndefined();
      expect(await store.drop('a', code(1).hash)).toBe(false);
    });

    it('takes a try each time, and answers no more when none is left', async () => {
      await store.put('a', code(1, 3));
      const left = [];
      for (let n = 0; n < 5; n += 1) left.push((await store.tryOnce('a', now))?.triesLeft);
      expect(left).toEqual([2, 1, 0, undefined, undefined]);
    });

    it('takes as many tries at once as there are', async () => {
      await store.put('a', code(1, 5));
      const tried = await Promise.all(Array.from({ length: 20 }, async () => store.tryOnce('a', now)));
      expect(tried.filter(Boolean)).toHaveLength(5);
    });

    it('gives back the hash that was put', async () => {
      await store.put('a', code(7));
      expect(Buffer.from((await store.tryOnce('a', now))?.hash ?? []).equals(code(7).hash)).toBe(true);
    });

    it('keeps keys apart', async () => {
      await store.put('a', code(1));
      expect(await store.tryOnce('b', now)).toBeUndefined();
    });

    it('forgets a code when its time is over', async () => {
      await store.put('a', code(1));
      expect(await store.tryOnce('a', now + 999)).toBeDefined();
      expect(await store.tryOnce('a', now + 1_000)).toBeUndefined();
    });

    it('voids the old code by a new one, with tries of its own', async () => {
      await store.put('a', code(1, 2));
      await store.tryOnce('a', now);
      await store.put('a', code(2, 5));
      expect(await store.tryOnce('a', now)).toMatchObject({ triesLeft: 4 });
      expect(await store.drop('a', code(1).hash)).toBe(false);
      expect(await store.drop('a', code(2).hash)).toBe(true);
    });

    it('is dropped by one of many', async () => {
      await store.put('a', code(1));
      const dropped = await Promise.all(Array.from({ length: 10 }, async () => store.drop('a', code(1).hash)));
      expect(dropped.filter(Boolean)).toHaveLength(1);
      expect(await store.tryOnce('a', now)).toBeUndefined();
    });

    it('counts within a limit, each key and each limit for itself', async () => {
      const limit = { name: 'few', times: 2, seconds: 60 };
      expect(await store.count(limit, 'a')).toBe(0);
      expect(await store.count(limit, 'a')).toBe(0);
      const wait = await store.count(limit, 'a');
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60_000);
      expect(await store.count(limit, 'b')).toBe(0);
      expect(await store.count({ ...limit, name: 'other' }, 'a')).toBe(0);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { codeStoreContract } from '../code-store.contract.ts';
import { InMemoryCodeStore } from './code-store.ts';

codeStoreContract('in memory', async () => ({ store: new InMemoryCodeStore(), close: async () => {} }));

describe('A code store in memory', () => {
  it('holds so many codes and no more: the oldest is void', async () => {
    const store = new InMemoryCodeStore(2);
    for (const key of ['a', 'b', 'c'])
      await store.put(key, { hash: new Uint8Array(32), triesLeft: 5, expiresAt: 2_000 });
    expect(await store.tryOnce('a', 1_000)).toBeUndefined();
    expect(await store.tryOnce('b', 1_000)).toBeDefined();
    expect(await store.tryOnce('c', 1_000)).toBeDefined();
  });
});

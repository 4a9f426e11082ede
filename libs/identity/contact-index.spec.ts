import { describe, expect, it } from '@jest/globals';
import { ContactIndex } from './contact-index.ts';

const NUMBER = '+4915112345678';

describe('the index of contacts', () => {
  it('given a phone that was not verified, finds nobody by it', () => {
    const index = new ContactIndex();
    index.put('phone', NUMBER, { oneId: 'a', ref: '1', verified: false });
    expect(index.find('phone', NUMBER)).toBeUndefined();
    expect(index.lastFour('a')).toEqual([]);
  });

  it('given two that verified the same number, finds the one who did last', () => {
    const index = new ContactIndex();
    index.put('phone', NUMBER, { oneId: 'a', ref: '1', verified: false });
    index.put('phone', NUMBER, { oneId: 'b', ref: '2', verified: false });
    index.verify('b', '2');
    index.verify('a', '1');
    expect(index.find('phone', NUMBER)?.oneId).toBe('a');
    expect(index.holders('phone', NUMBER).map(({ oneId }) => oneId)).toEqual(['b', 'a']);
  });

  it('given a One ID that left, knows neither its phone nor its digits', () => {
    const index = new ContactIndex();
    index.put('phone', NUMBER, { oneId: 'a', ref: '1', verified: true });
    index.put('account', 'shop/77', { oneId: 'a', ref: '2', verified: true });
    expect(index.lastFour('a')).toEqual(['5678']);
    index.removeOneId('a');
    expect(index.find('phone', NUMBER)).toBeUndefined();
    expect(index.find('account', 'shop/77')).toBeUndefined();
    expect(index.lastFour('a')).toEqual([]);
  });

  it('lets a reader wait for a position, and tells the one whose deadline comes first', async () => {
    const index = new ContactIndex();
    const waits = index.reached(5n, 1_000);
    index.passed(5n);
    expect(await waits).toBe(true);
    expect(await index.reached(6n, 5)).toBe(false);
  });

  it('keeps nobody who waited in vain', async () => {
    const index = new ContactIndex();
    await Promise.all(Array.from({ length: 50 }, () => index.reached(9n, 1)));
    expect(index['waiting']).toEqual([]);
  });
});

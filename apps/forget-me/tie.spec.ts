import { describe, expect, it } from '@jest/globals';
import type { Fact } from './facts.ts';
import { tied, tiesOf } from './tie.ts';

const id = (letter: string): string => letter.repeat(26);
const hers = [`payment-${id('a')}`, `payment-${id('b')}`, `payment-${id('c')}`];
const others = [`payment-${id('x')}`, `payment-${id('y')}`];
const fact = (fields: Record<string, string>): Fact => ({
  where: 'ledger PaymentRequested',
  fields: new Map(Object.entries(fields)),
});
const bought = (letter: string, more: Record<string, string>): Fact =>
  fact({ stream: `payment-${id(letter)}`, ...more });

describe('Tying purchases together', () => {
  it('given what everybody shares, ties nobody’s', () => {
    const facts = [...'abcxy'].map((letter) => bought(letter, { merchant: 'shop', amount: '450' }));
    expect(tied(tiesOf(facts, hers, others))).toBe(0);
  });

  it('given a value that only two of hers have, ties these two', () => {
    const facts = [...'abcxy'].map((letter) => bought(letter, { member: 'ab'.includes(letter) ? 'same' : letter }));
    expect(tied(tiesOf(facts, hers, others))).toBe(2);
  });

  it('given a fact that names several of hers and nobody else’s, ties those', () => {
    const list = fact({ list: hers.join(' ') });
    expect(tied(tiesOf([list], hers, others))).toBe(3);
    expect(tied(tiesOf([fact({ list: [...hers, ...others].join(' ') })], hers, others))).toBe(0);
  });
});

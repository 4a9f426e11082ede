import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '#libs/testing/given.ts';
import { isCurrency, maxAmount, requireAmount, requireCurrency, requirePrice } from './money.ts';
import { requireText } from './text.ts';

describe('Money', () => {
  it('is a whole number of minor units, at least one and at most so many', () => {
    expect(maxAmount).toBe(999_999_999);
    for (const amount of [1, 1250, maxAmount]) expect(refusalOf(() => requireAmount(amount))).toBe('not refused');
    for (const amount of [0, -1, 0.1, maxAmount + 1, Number.NaN])
      expect(refusalOf(() => requireAmount(amount))).toBe('invalid-amount');
    expect(refusalOf(() => requirePrice(0))).toBe('not refused');
    expect(refusalOf(() => requirePrice(-1))).toBe('invalid-price');
  });
  it('has a currency of ISO 4217', () => {
    for (const code of ['EUR', 'USD', 'JPY']) expect(isCurrency(code)).toBe(true);
    for (const code of ['eur', 'EURO', '']) expect(refusalOf(() => requireCurrency(code))).toBe('invalid-currency');
  });
});

describe('Text', () => {
  it('is not blank and not endless', () => {
    expect(refusalOf(() => requireText('name', 'Ada'))).toBe('not refused');
    expect(refusalOf(() => requireText('name', ' '))).toBe('invalid-name');
    expect(refusalOf(() => requireText('name', 'x'.repeat(201)))).toBe('invalid-name');
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountOf, amountText } from './amount-text.ts';
import { maxAmount } from './money.ts';
import { Refused } from './refused.ts';

describe('an amount as people write it', () => {
  it.each([
    ['12.50', 'EUR', 1250],
    ['12.5', 'EUR', 1250],
    ['12', 'EUR', 1200],
    ['0.01', 'EUR', 1],
    ['1.005', 'KWD', 1005],
    ['1250', 'JPY', 1250],
    ['0.29', 'USD', 29],
    ['4.35', 'USD', 435],
  ])('given %s %s, is %i minor units', (text, currency, amount) => {
    expect(amountOf(text, currency)).toBe(amount);
  });

  it.each([
    ['12.505', 'EUR'],
    ['1.5', 'JPY'],
    ['-1', 'EUR'],
    ['1e3', 'EUR'],
    ['1,50', 'EUR'],
    ['0', 'EUR'],
    ['', 'EUR'],
    ['99999999999', 'EUR'],
    ['12.50', 'XYZ'],
  ])('given %s %s, is refused', (text, currency) => {
    expect(() => amountOf(text, currency)).toThrow(Refused);
  });

  it('reads back what it shows', () => {
    const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'USD');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: maxAmount }), currency, (amount, code) => {
        expect(amountOf(amountText(amount, code).split(' ')[0]!, code)).toBe(amount);
      }),
    );
  });
});

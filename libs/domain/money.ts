import { Refused } from './refused.ts';

/** The largest amount that anything in the ledger is about, in minor units. */
export const maxAmount = 9_999_999_99;

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** ISO 4217, upper case. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

export function requireCurrency(code: string): void {
  if (!isCurrency(code)) throw new Refused('invalid-currency', 'The currency is no ISO 4217 code.', 'invalid');
}

/** An amount that somebody pays or gets back: minor units, at least one. */
export function requireAmount(amount: number): void {
  if (Number.isSafeInteger(amount) && amount >= 1 && amount <= maxAmount) return;
  throw new Refused('invalid-amount', `An amount is a whole number of minor units from 1 to ${maxAmount}.`, 'invalid');
}

/** A price that may be nothing. */
export function requirePrice(price: number): void {
  if (Number.isSafeInteger(price) && price >= 0 && price <= maxAmount) return;
  throw new Refused('invalid-price', `A price is a whole number of minor units from 0 to ${maxAmount}.`, 'invalid');
}

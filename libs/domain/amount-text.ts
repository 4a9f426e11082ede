import { isCurrency, maxAmount, requireCurrency } from './money.ts';
import { Refused } from './refused.ts';

/** How many digits of a currency's amounts stand behind the point (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  requireCurrency(currency);
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/**
 * Minor units of an amount as people write it: `12`, `12.5` and `12.50` EUR are 1200, 1250, 1250. Digit by digit, never by a
 * floating number. Refused where it has more digits than the currency, another form, or is nothing.
 */
export function amountOf(text: string, currency: string): number {
  const digits = minorDigits(currency);
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) throw wrong(`"${text}" is no amount: write it as 12 or 12.50`);
  if (fraction.length > digits) throw wrong(`${currency} has ${digits} digits behind the point, ${text} has more`);
  const amount = Number(whole + fraction.padEnd(digits, '0'));
  if (amount >= 1 && amount <= maxAmount) return amount;
  throw wrong(`an amount lies between ${amountText(1, currency)} and ${amountText(maxAmount, currency)}`);
}

/** `1250`, `EUR` -> `12.50 EUR`. A currency that is unknown here is shown in minor units. */
export function amountText(amount: number, currency: string): string {
  if (!isCurrency(currency)) return `${amount} ${currency} (minor units)`;
  const digits = minorDigits(currency);
  const sign = amount < 0 ? '-' : '';
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${sign}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`} ${currency}`;
}

function wrong(detail: string): Refused {
  return new Refused('invalid-amount', detail, 'invalid');
}

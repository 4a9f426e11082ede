import type { CardBrand } from '#libs/domain/values.ts';
import type { DeclineReason } from '../port.ts';

interface Range {
  readonly brand: CardBrand;
  readonly from: number;
  readonly to: number;
  readonly lengths: readonly number[];
}

const LONG = [16, 17, 18, 19];
const ANY = [12, 13, 14, 15, ...LONG];

/** By the leading digits (ISO/IEC 7812), the longer ones first. */
const RANGES: readonly Range[] = [
  { brand: 'discover', from: 6011, to: 6011, lengths: LONG },
  { brand: 'mastercard', from: 2221, to: 2720, lengths: [16] },
  { brand: 'jcb', from: 3528, to: 3589, lengths: LONG },
  { brand: 'discover', from: 644, to: 649, lengths: LONG },
  { brand: 'diners', from: 300, to: 305, lengths: [14, 15, ...LONG] },
  { brand: 'maestro', from: 639, to: 639, lengths: ANY },
  { brand: 'discover', from: 65, to: 65, lengths: LONG },
  { brand: 'unionpay', from: 62, to: 62, lengths: LONG },
  { brand: 'mastercard', from: 51, to: 55, lengths: [16] },
  { brand: 'amex', from: 34, to: 34, lengths: [15] },
  { brand: 'amex', from: 37, to: 37, lengths: [15] },
  { brand: 'diners', from: 36, to: 36, lengths: [14, 15, ...LONG] },
  { brand: 'diners', from: 38, to: 39, lengths: [14, 15, ...LONG] },
  { brand: 'maestro', from: 50, to: 50, lengths: ANY },
  { brand: 'maestro', from: 56, to: 58, lengths: ANY },
  { brand: 'maestro', from: 67, to: 67, lengths: ANY },
  { brand: 'visa', from: 4, to: 4, lengths: [13, 16, 19] },
];

export function brandOf(pan: string): CardBrand | undefined {
  return RANGES.find(({ from, to, lengths }) => {
    const lead = Number(pan.slice(0, `${from}`.length));
    return lead >= from && lead <= to && lengths.includes(pan.length);
  })?.brand;
}

/** The check digit of ISO/IEC 7812-1, annex B. */
export function luhn(pan: string): boolean {
  let sum = 0;
  for (let at = 0; at < pan.length; at++) {
    const digit = Number(pan[pan.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** How a card behaves at the simulator; kept with its token instead of its number. */
export type CardBehaviour = 'good' | 'capture-refused' | DeclineReason;

/** Test numbers; any other valid number is good. */
export const TEST_CARDS: Readonly<Record<string, CardBehaviour>> = {
  '4000000000009995': 'insufficient-funds',
  '4000000000000069': 'card-expired',
  '4000000000009979': 'card-stolen',
  '4000000000000002': 'do-not-honour',
  '4000000000000341': 'capture-refused',
};

/** Minor units; above it every card is declined as `over-limit`. */
export const CARD_LIMIT = 1_000_000;

/** A card is good to the end of its month. `expiry`: YYYY-MM. */
export function isOver(expiry: string, now: Date): boolean {
  return expiry < now.toISOString().slice(0, 7);
}

import { seeded, type Seeded } from '#libs/testing/palms/seeded.ts';
import { luhn } from '#libs/card-network/simulator/cards.ts';

/** Somebody who never was. */
export interface Person {
  readonly index: number;
  /** Whose palms are drawn. */
  readonly palm: string;
  /** E.164, unlike for each index of one seed. */
  readonly phone: string;
  readonly language: 'de' | 'en';
  readonly card: { readonly pan: string; readonly expiry: string };
  readonly bothPalms: boolean;
  /** Index of the town that they live in. */
  readonly town: number;
}

/** Leading digits of mobile numbers in Germany, Austria and Switzerland, and how many digits follow. */
const MOBILE = [
  { prefix: '+49151', digits: 8 },
  { prefix: '+49170', digits: 7 },
  { prefix: '+49176', digits: 8 },
  { prefix: '+43664', digits: 7 },
  { prefix: '+4179', digits: 7 },
] as const;
const CARD_STARTS = ['4', '51', '52', '53', '54', '55', '2221', '37', '6011'];
/** One card in fifty is the network's test number that is always declined. */
const DECLINED = '4000000000009995';
const DECLINED_SHARE = 0.02;

export function personOf(seed: string, index: number, towns: number, expiry: string): Person {
  const draw = seeded('person', seed, index);
  const mobile = MOBILE[index % MOBILE.length]!;
  const language = draw.between(0, 1) < 0.7 ? 'de' : 'en';
  const pan = draw.between(0, 1) < DECLINED_SHARE ? DECLINED : cardNumber(draw);
  const [bothPalms, town] = [draw.between(0, 1) < 0.6, draw.whole(towns)];
  return {
    index,
    palm: `${seed}/${index}`,
    phone: numberOf(mobile, seed, index),
    language,
    card: { pan, expiry },
    bothPalms,
    town,
  };
}

/** A walk through all numbers of the prefix, so that no two people share one. */
function numberOf({ prefix, digits }: (typeof MOBILE)[number], seed: string, index: number): string {
  const space = 9 * 10 ** (digits - 1);
  const start = seeded('numbers', seed, prefix).whole(space);
  const step = 7_919_117;
  const place = Number((BigInt(start) + BigInt(step) * BigInt(Math.floor(index / MOBILE.length))) % BigInt(space));
  return `${prefix}${10 ** (digits - 1) + place}`;
}

function cardNumber(draw: Seeded): string {
  const start = CARD_STARTS[draw.whole(CARD_STARTS.length)]!;
  const length = start === '37' ? 15 : 16;
  const digits = [...start];
  while (digits.length < length - 1) digits.push(String(draw.whole(10)));
  const open = digits.join('');
  return [...'0123456789'].map((check) => open + check).find(luhn)!;
}

import { seeded } from '#libs/testing/palms/seeded.ts';

/** Somebody of the play, with everything that is planted with them. The same seed draws the same people. */
export interface Drawn {
  readonly name: string;
  readonly phone: string;
  readonly card: string;
  readonly account: string;
  readonly loyalty: string;
  /** What they say of a payment, in their own words. */
  readonly said: string;
}

export function drawPeople(seed: string): Drawn[] {
  return ['anna', 'bela', 'carla'].map((name) => drawPerson(seed, name));
}

function drawPerson(seed: string, name: string): Drawn {
  const random = seeded('forget-me', seed, name);
  const digits = (count: number): string => Array.from({ length: count }, () => random.whole(10)).join('');
  return {
    name: `${name} ${seed}`,
    phone: `+49170${digits(7)}`,
    card: withCheckDigit(`424242${digits(9)}`),
    account: `${name}.${digits(8)}@corner.example`,
    loyalty: `L-${digits(10)}`,
    said: `${name} was not at the till ${digits(6)}`,
  };
}

/** Luhn's. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

import type { Comparisons } from './comparisons.ts';
import { ratesOf } from './rates.ts';
import type { Rates } from './rates.ts';

export type Interval = readonly [low: number, high: number];

export interface Intervals {
  readonly eer: Interval;
  readonly rank1: Interval;
  readonly fnmr: readonly Interval[];
}

/**
 * Intervals of 95 % by drawing palms, not comparisons, with replacement: comparisons of one palm depend on each other.
 *
 * Bolle, Ratha, Pankanti, "Error analysis of pattern recognition systems: the subsets bootstrap", CVIU 93(1), 2004.
 */
export function intervalsOf(comparisons: Comparisons, draws: number, random: () => number): Intervals {
  const drawn = Array.from({ length: draws }, () => ratesOf(comparisons, drawPalms(comparisons.palms, random)));
  return {
    eer: middle(drawn.map(({ eer }) => eer)),
    rank1: middle(drawn.map(({ rank1 }) => rank1)),
    fnmr: drawn[0]!.fnmr.map((_, i) => middle(drawn.map(({ fnmr }: Rates) => fnmr[i]!))),
  };
}

function drawPalms(palms: number, random: () => number): Float64Array {
  const weights = new Float64Array(palms);
  for (let i = 0; i < palms; i++) weights[Math.floor(random() * palms)]!++;
  return weights;
}

function middle(values: number[]): Interval {
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))]!;
  return [at(0.025), at(0.975)];
}

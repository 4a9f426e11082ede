import type { Comparisons, Scores } from './comparisons.ts';

/** False-match rates at which false non-matches are stated. */
export const STATED_FMR = [1e-2, 1e-3, 1e-4] as const;

export interface Rates {
  readonly eer: number;
  readonly rank1: number;
  /** By `STATED_FMR`. */
  readonly fnmr: readonly number[];
}

export interface DetPoint {
  readonly score: number;
  readonly fmr: number;
  readonly fnmr: number;
}

/** How often each palm counts: once each, or as a bootstrap drew it. */
export type PalmWeights = ArrayLike<number>;

export function ratesOf(comparisons: Comparisons, weights: PalmWeights): Rates {
  const curve = detCurve(comparisons, weights);
  return {
    eer: equalErrorRate(curve),
    rank1: rankOne(comparisons, weights),
    fnmr: STATED_FMR.map((fmr) => fnmrAt(curve, fmr)),
  };
}

/**
 * Both error rates at every score at which one of them changes, from strict to lenient: a comparison matches at a score
 * equal to the threshold or higher. The first point accepts nothing.
 */
export function detCurve({ genuine, impostor }: Comparisons, weights: PalmWeights): DetPoint[] {
  const genuineTotal = totalWeight(genuine, weights, true);
  const impostorTotal = totalWeight(impostor, weights, false);
  const curve: DetPoint[] = [{ score: Infinity, fmr: 0, fnmr: 1 }];
  let matchedGenuine = 0;
  let matchedImpostor = 0;
  let g = 0;
  let i = 0;
  while (g < genuine.score.length || i < impostor.score.length) {
    const score = Math.max(genuine.score[g] ?? -Infinity, impostor.score[i] ?? -Infinity);
    if (score === -Infinity) break;
    for (; genuine.score[g] === score; g++) matchedGenuine += weightOf(genuine, g, weights, true);
    for (; impostor.score[i] === score; i++) matchedImpostor += weightOf(impostor, i, weights, false);
    curve.push({ score, fmr: share(matchedImpostor, impostorTotal), fnmr: 1 - share(matchedGenuine, genuineTotal) });
  }
  return curve;
}

/** Where both rates are equal; between two points where they cross, the mean of the nearer point's two. */
export function equalErrorRate(curve: readonly DetPoint[]): number {
  let nearest = curve[0]!;
  for (const point of curve) {
    if (Math.abs(point.fmr - point.fnmr) < Math.abs(nearest.fmr - nearest.fnmr)) nearest = point;
    if (point.fmr > point.fnmr) break;
  }
  return (nearest.fmr + nearest.fnmr) / 2;
}

/** False non-matches at the most lenient threshold that keeps the false matches at this rate or below. */
export function fnmrAt(curve: readonly DetPoint[], fmr: number): number {
  let rate = 1;
  for (const point of curve) {
    if (point.fmr > fmr) break;
    rate = point.fnmr;
  }
  return rate;
}

function rankOne({ searches }: Comparisons, weights: PalmWeights): number {
  let total = 0;
  let right = 0;
  for (const search of searches) {
    const weight = weights[search.palm]!;
    total += weight;
    if (search.right) right += weight;
  }
  return share(right, total);
}

function totalWeight(scores: Scores, weights: PalmWeights, same: boolean): number {
  let total = 0;
  for (let i = 0; i < scores.score.length; i++) total += weightOf(scores, i, weights, same);
  return total;
}

/** A palm drawn twice has its own comparisons twice; two palms have theirs for each way to pick one of either. */
function weightOf({ first, second }: Scores, i: number, weights: PalmWeights, same: boolean): number {
  return same ? weights[first[i]!]! : weights[first[i]!]! * weights[second[i]!]!;
}

function share(part: number, total: number): number {
  return total === 0 ? 0 : part / total;
}

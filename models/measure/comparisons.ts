import { decisionScore } from '#libs/recognition/palm/compare.ts';
import type { Signature } from '#libs/recognition/palm/port.ts';

/** A picture as it was read: no signature where it was refused. */
export interface Sample {
  readonly palm: string;
  readonly signature?: Signature;
}

/** A refused picture matches nothing, its own palm's others neither. */
const NO_MATCH = -Infinity;

/** Scores from high to low, and which two palms (by number) each compared. */
export interface Scores {
  readonly score: Float64Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
}

export interface Search {
  readonly palm: number;
  /** The best among all other pictures is one of the same palm. */
  readonly right: boolean;
}

export interface Comparisons {
  readonly palms: number;
  readonly genuine: Scores;
  readonly impostor: Scores;
  /** Each picture against all others; a palm with one picture is not searched for. */
  readonly searches: readonly Search[];
}

/** Every picture with every other, once. */
export function compareAll(
  samples: readonly Sample[],
  score: (a: Signature, b: Signature) => number = decisionScore,
): Comparisons {
  const names = [...new Set(samples.map(({ palm }) => palm))];
  const palms = samples.map(({ palm }) => names.indexOf(palm));
  const pairs: Record<'genuine' | 'impostor', [number, number, number][]> = { genuine: [], impostor: [] };
  const own = new Float64Array(samples.length).fill(NaN);
  const other = new Float64Array(samples.length).fill(NO_MATCH);
  for (let i = 0; i < samples.length; i++) {
    for (let j = i + 1; j < samples.length; j++) {
      const same = palms[i] === palms[j];
      const value = scoreOf(samples[i]!, samples[j]!, score);
      pairs[same ? 'genuine' : 'impostor'].push([value, palms[i]!, palms[j]!]);
      for (const k of [i, j]) {
        if (same) own[k] = Number.isNaN(own[k]) ? value : Math.max(own[k]!, value);
        else other[k] = Math.max(other[k]!, value);
      }
    }
  }
  const searches = palms.flatMap((palm, i) => (Number.isNaN(own[i]) ? [] : [{ palm, right: own[i]! > other[i]! }]));
  return { palms: names.length, genuine: sorted(pairs.genuine), impostor: sorted(pairs.impostor), searches };
}

function scoreOf(a: Sample, b: Sample, score: (a: Signature, b: Signature) => number): number {
  if (a.signature === undefined || b.signature === undefined) return NO_MATCH;
  return score(a.signature, b.signature);
}

function sorted(pairs: [number, number, number][]): Scores {
  pairs.sort((a, b) => (a[0] === b[0] ? 0 : b[0] - a[0]));
  return {
    score: Float64Array.from(pairs, ([value]) => value),
    first: Int32Array.from(pairs, ([, first]) => first),
    second: Int32Array.from(pairs, ([, , second]) => second),
  };
}

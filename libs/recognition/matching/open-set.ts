import type { Match } from './signature-index.ts';

/**
 * Open-set identification: somebody is recognised only when the best score reaches the threshold and stands out, by the
 * margin, from the best of every other One ID. A best that does not stand out is nobody, not a guess.
 */
export function standsOut(matches: readonly Match[], threshold: number, margin: number): Match | undefined {
  const [best] = matches;
  if (best === undefined || !(best.score >= threshold)) return undefined;
  const second = matches.find((match) => match.oneId !== best.oneId);
  if (second !== undefined && !(best.score - second.score >= margin)) return undefined;
  return best;
}

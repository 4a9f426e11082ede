import type { Intervals } from './bootstrap.ts';
import type { Comparisons, Scores } from './comparisons.ts';
import { supportedFmr } from './evidence.ts';
import type { Rates } from './rates.ts';
import { STATED_FMR } from './rates.ts';

export interface Measured {
  readonly modelVersion: string;
  readonly pictures: number;
  readonly unnamed: number;
  /** Refused pictures, by their first reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly comparisons: Comparisons;
  readonly rates: Rates;
  readonly intervals: Intervals;
}

/** Fractions, for programs. */
export function jsonOf(measured: Measured): object {
  const { comparisons, rates, intervals, pictures } = measured;
  const byFmr = <T>(values: readonly T[]) => Object.fromEntries(STATED_FMR.map((fmr, i) => [fmrName(fmr), values[i]!]));
  return {
    modelVersion: measured.modelVersion,
    pictures,
    unnamed: measured.unnamed,
    palms: comparisons.palms,
    failedToAcquire: refusals(measured) / pictures,
    refused: measured.refused,
    genuineComparisons: comparisons.genuine.score.length,
    impostorComparisons: comparisons.impostor.score.length,
    searches: comparisons.searches.length,
    genuineScores: summary(comparisons.genuine),
    impostorScores: summary(comparisons.impostor),
    eer: rates.eer,
    rank1: rates.rank1,
    fnmr: byFmr(rates.fnmr),
    intervals: { eer: intervals.eer, rank1: intervals.rank1, fnmr: byFmr(intervals.fnmr) },
    supportedFmr: supportedFmr(comparisons.impostor.score.length),
  };
}

/** Lines, for people. */
export function textOf(measured: Measured): string {
  const { comparisons, rates, intervals, pictures, refused } = measured;
  const impostors = comparisons.impostor.score.length;
  const why = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
  const reach = supportedFmr(impostors);
  return [
    `model       ${measured.modelVersion}`,
    `pictures    ${pictures} of ${comparisons.palms} palms${measured.unnamed > 0 ? `, ${measured.unnamed} more whose names do not fit` : ''}`,
    `refused     ${refusals(measured)} (${percent(refusals(measured) / pictures)})${why.length > 0 ? `: ${why.join(', ')}` : ''}; each counts as a non-match`,
    `genuine     ${comparisons.genuine.score.length} comparisons, scores ${words(comparisons.genuine)}`,
    `impostor    ${impostors} comparisons, scores ${words(comparisons.impostor)}`,
    `rank-1      ${percent(rates.rank1)} ${interval(intervals.rank1)} of ${comparisons.searches.length} searches, each picture against all others`,
    `EER         ${percent(rates.eer)} ${interval(intervals.eer)}`,
    ...STATED_FMR.map(
      (fmr, i) =>
        `FNMR        ${percent(rates.fnmr[i]!)} ${interval(intervals.fnmr[i]!)} at FMR ${fmrName(fmr)}${fmr < reach ? ' (too few comparisons)' : ''}`,
    ),
    `evidence    ${impostors} impostor comparisons show false-match rates down to ${reach.toExponential(1)} (30 errors); what lies below is extrapolated`,
    'brackets    95 % by bootstrap over palms',
    '',
  ].join('\n');
}

function refusals({ refused }: Measured): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

function summary(scores: Scores): Record<string, number> {
  const known = scores.score.filter((score) => Number.isFinite(score));
  if (known.length === 0) return {};
  const mean = known.reduce((sum, score) => sum + score, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, score) => sum + (score - mean) ** 2, 0) / known.length);
  const [highest, median, lowest] = [known[0]!, known[known.length >> 1]!, known.at(-1)!];
  return { lowest, median, highest, mean, deviation };
}

function words(scores: Scores): string {
  const { lowest, median, highest, mean, deviation } = summary(scores);
  if (mean === undefined) return 'none';
  const [low, mid, high, average, spread] = [lowest, median, highest, mean, deviation].map((value) =>
    value!.toFixed(3),
  );
  return `${low} to ${high}, median ${mid}, mean ${average} ± ${spread}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function interval([low, high]: readonly [number, number]): string {
  return `[${percent(low)}, ${percent(high)}]`;
}

function fmrName(fmr: number): string {
  return fmr.toExponential(0);
}

import { readFileSync } from 'node:fs';
import { MODEL_VERSION } from './model-version.ts';

/** What is known of a model version's scores, written by `npm run palm:measure -- ... --calibration`. Statistics alone. */
export interface Calibration {
  readonly modelVersion: string;
  readonly measuredOn: string;
  readonly comparisons: { readonly impostor: number; readonly genuine: number; readonly palms: number };
  /** The lowest false-match rate that the comparisons are evidence for. */
  readonly supportedFmr: number;
  /** From lenient to strict: this share of strangers scores as much or more. */
  readonly falseMatches: readonly { readonly fmr: number; readonly score: number }[];
  /** Above this score the share falls to 1/e with every `fallsBy`. */
  readonly tail: { readonly fmr: number; readonly score: number; readonly fallsBy: number };
  /** This share of genuine comparisons scores lower. */
  readonly genuine: readonly { readonly share: number; readonly score: number }[];
}

export interface Crowd {
  /** How many palms a stranger is compared with. */
  readonly palms: number;
  /** The wished rate at which a stranger is taken for any of them, above 0 and below 1. */
  readonly falsePositiveIdentificationRate: number;
}

export interface Threshold {
  /** A decision score equal to this or higher matches. */
  readonly score: number;
  /** The false-match rate of one comparison that it stands for. */
  readonly rate: number;
  /** The rate is lower than the comparisons behind it can show: ask for the last four digits of the phone, or the other hand. */
  readonly beyondEvidence: boolean;
}

/** The most lenient threshold that is ever used, whatever the crowd: one palm alone gets no weaker lock than this. */
export const MOST_LENIENT_RATE = 1e-4;

/** The calibration of the model in use. */
export function loadCalibration(modelVersion = MODEL_VERSION): Calibration {
  const file = new URL(`../../../models/${modelVersion}.calibration.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Calibration;
}

/**
 * The score that a match needs among so many palms. A stranger meets each of N palms, so he is taken for one of them at
 * 1 - (1 - FMR)^N, about N times the false-match rate of one comparison (ISO/IEC 19795-1; Grother and Phillips, CVPR 2004).
 * @throws {RangeError} for a crowd or a rate that makes no sense.
 */
export function thresholdFor(crowd: Crowd, calibration: Calibration): Threshold {
  const { palms, falsePositiveIdentificationRate: wished } = crowd;
  if (!Number.isSafeInteger(palms) || palms < 0) throw new RangeError('palms is a count');
  if (!(wished > 0 && wished < 1)) throw new RangeError('a false-positive identification rate lies between 0 and 1');
  const rate = Math.min(MOST_LENIENT_RATE, -Math.expm1(Math.log1p(-wished) / Math.max(1, palms)));
  return { score: scoreAt(rate, calibration), rate, beyondEvidence: rate < calibration.supportedFmr };
}

/**
 * The share of strangers that score as much or more. As measured down to the tail, in between by logarithm; in the tail an
 * exponential through the highest scores measured (a generalised Pareto tail of shape 0: Pickands 1975), which falls more
 * slowly than the scores of more strangers probably would.
 */
export function falseMatchRate(score: number, calibration: Calibration): number {
  if (Number.isNaN(score)) return 1;
  const { tail } = calibration;
  if (score >= tail.score) return tail.fmr * Math.exp(-(score - tail.score) / tail.fallsBy);
  const points = measured(calibration);
  const above = points.findIndex((point) => point.score > score);
  if (above === 0) return 1;
  const [low, high] = [points[above - 1]!, points[above]!];
  const part = (score - low.score) / (high.score - low.score);
  return Math.exp(Math.log(low.fmr) + part * (Math.log(high.fmr) - Math.log(low.fmr)));
}

/** The score at a false-match rate: `falseMatchRate` the other way round. */
export function scoreAt(rate: number, calibration: Calibration): number {
  const { tail } = calibration;
  if (rate <= tail.fmr) return tail.score + tail.fallsBy * Math.log(tail.fmr / rate);
  const points = measured(calibration);
  const above = points.findIndex((point) => point.fmr < rate);
  if (above <= 0) return points[0]!.score;
  const [low, high] = [points[above - 1]!, points[above]!];
  const part = (Math.log(rate) - Math.log(low.fmr)) / (Math.log(high.fmr) - Math.log(low.fmr));
  return low.score + part * (high.score - low.score);
}

/** Rising scores up to where the tail begins. */
function measured({ falseMatches, tail }: Calibration): { fmr: number; score: number }[] {
  return [...falseMatches.filter(({ fmr, score }) => fmr > tail.fmr && score < tail.score), tail];
}

import type { Calibration } from '#libs/recognition/palm/threshold.ts';
import type { Comparisons, Scores } from './comparisons.ts';
import { supportedFmr } from './evidence.ts';

/** Rates at which the impostors' scores are written down. */
const STEPS_A_DECADE = 5;
/** The highest scores of this share of impostors say how fast the tail falls. */
const TAIL = 1e-3;

/** Score statistics alone; nothing of a picture or a signature. */
export function calibrationOf(comparisons: Comparisons, modelVersion: string, measuredOn: string): Calibration {
  const impostor = finite(comparisons.impostor);
  const genuine = finite(comparisons.genuine);
  const supported = supportedFmr(impostor.length);
  const from = impostor[Math.floor(TAIL * impostor.length)]!;
  const beyond = impostor.filter((score) => score > from);
  const mean = beyond.reduce((sum, score) => sum + (score - from), 0) / beyond.length;
  return {
    modelVersion,
    measuredOn,
    comparisons: { impostor: impostor.length, genuine: genuine.length, palms: comparisons.palms },
    supportedFmr: supported,
    falseMatches: steps(supported).map((fmr) => ({
      fmr,
      score: rounded(impostor[Math.floor(fmr * impostor.length)]!),
    })),
    tail: { fmr: TAIL, score: rounded(from), fallsBy: rounded(mean) },
    genuine: [0.001, 0.01, 0.05, 0.25, 0.5].map((share) => ({
      share,
      score: rounded(genuine[Math.ceil((1 - share) * (genuine.length - 1))]!),
    })),
  };
}

function steps(lowest: number): number[] {
  const count = Math.floor(-Math.log10(lowest) * STEPS_A_DECADE);
  return Array.from({ length: count }, (_, i) => +(10 ** (-(i + 1) / STEPS_A_DECADE)).toPrecision(4));
}

/** High to low. */
function finite({ score }: Scores): Float64Array {
  return score.filter((value) => Number.isFinite(value));
}

function rounded(value: number): number {
  return +value.toFixed(5);
}

import { scoreAt, thresholdFor, type Calibration } from '../palm/threshold.ts';
import type { CrowdThreshold, RecognitionPolicy } from './policy.ts';

export interface Believed {
  /** Of every live model version. */
  readonly calibrations: readonly Calibration[];
  /** How often a stranger may be taken for anybody at all. */
  readonly falsePositiveIdentificationRate: number;
  readonly limitWithoutNearInfrared: Readonly<Record<string, number>>;
}

/**
 * The policy in use. The threshold follows the crowd as far as the evidence of the model's calibration goes and stays there:
 * beyond, the digits of a phone or the other hand make up for what no measurement shows.
 */
export function believedPolicy(believed: Believed): RecognitionPolicy {
  const calibrations = new Map(believed.calibrations.map((one) => [one.modelVersion, one]));
  return {
    thresholdFor: (palms, modelVersion) => crowdThreshold(believed, palms, calibrations.get(modelVersion)),
    margin: 0.02,
    limitWithoutNearInfrared: believed.limitWithoutNearInfrared,
    triesPerOneId: 3,
    triesPerDevice: 10,
    staleAfterMs: 10_000,
    deadlineMs: 3_000,
  };
}

function crowdThreshold(believed: Believed, palms: number, calibration: Calibration | undefined): CrowdThreshold {
  if (calibration === undefined) throw new RangeError('a model version without a calibration');
  const { falsePositiveIdentificationRate } = believed;
  const { score, rate, beyondEvidence } = thresholdFor({ palms, falsePositiveIdentificationRate }, calibration);
  if (!beyondEvidence) return { threshold: score, rate, supported: true };
  const { supportedFmr } = calibration;
  return { threshold: scoreAt(supportedFmr, calibration), rate: supportedFmr, supported: false };
}

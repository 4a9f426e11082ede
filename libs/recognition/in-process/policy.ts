import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';

/** What the zone believes, and how long it waits. */
export interface RecognitionPolicy {
  /** Which score of a model version is believed in a crowd of this many palms. */
  readonly thresholdFor: (palms: number, modelVersion: string) => CrowdThreshold;
  /** By how much the best must stand out from every other One ID. */
  readonly margin: number;
  /** Most that a device without near infrared may ask for, in minor units by currency. What is not listed: nothing. */
  readonly limitWithoutNearInfrared: Readonly<Record<string, number>>;
  /** Wrong last-four tries for a One ID, and for a device, in a quarter of an hour. */
  readonly triesPerOneId: number;
  readonly triesPerDevice: number;
  /** Doubt begins when the feeder has not reported the ledger's end for so long. */
  readonly staleAfterMs: number;
  /** For each thing asked of others (vault, phones, devices); reader and index have deadlines of their own. */
  readonly deadlineMs: number;
}

export interface CrowdThreshold {
  readonly threshold: number;
  /** False-match rate of one comparison at this threshold. */
  readonly rate: number;
  /** False: the evidence does not reach as far as was wished; more than the palm is asked for. */
  readonly supported: boolean;
}

/** Whether this much may be asked for on a picture in visible light alone. */
export function mayGoWithoutNearInfrared(policy: RecognitionPolicy, { amount, currency }: CaptureBinding): boolean {
  return amount === undefined || amount <= (policy.limitWithoutNearInfrared[currency!] ?? 0);
}

import { describe, expect, it } from '@jest/globals';
import type { Calibration } from '../palm/threshold.ts';
import { believedPolicy } from './believed-policy.ts';
import { mayGoWithoutNearInfrared } from './policy.ts';

const calibration: Calibration = {
  modelVersion: 'palm-v1',
  measuredOn: 'drawn numbers',
  comparisons: { impostor: 1_000_000, genuine: 1_000, palms: 100 },
  supportedFmr: 1e-5,
  falseMatches: [
    { fmr: 1e-1, score: 0.5 },
    { fmr: 1e-4, score: 0.6 },
  ],
  tail: { fmr: 1e-4, score: 0.6, fallsBy: 0.01 },
  genuine: [],
};
const policy = believedPolicy({
  calibrations: [calibration],
  falsePositiveIdentificationRate: 0.001,
  limitWithoutNearInfrared: { EUR: 5_000 },
});

describe('what is believed', () => {
  it('asks for more of a score the more palms there are', () => {
    const [few, many] = [policy.thresholdFor(1, 'palm-v1'), policy.thresholdFor(50, 'palm-v1')];
    expect(many.threshold).toBeGreaterThan(few.threshold);
    expect(many.rate).toBeLessThan(few.rate);
    expect([few.supported, many.supported]).toEqual([true, true]);
  });

  it('stays at the edge of the evidence, and says that it is not enough', () => {
    const [crowd, larger] = [policy.thresholdFor(10_000, 'palm-v1'), policy.thresholdFor(1_000_000, 'palm-v1')];
    expect(crowd).toMatchObject({ rate: 1e-5, supported: false });
    expect(larger).toEqual(crowd);
  });

  it('believes no model version that was not measured', () => {
    expect(() => policy.thresholdFor(1, 'palm-v9')).toThrow(RangeError);
  });

  it('limits amounts seen in visible light alone, and needs no limit where no money moves', () => {
    const binding = { device: 'd', merchant: 'm', request: 'r' } as const;
    const pays = (amount: number, currency: string) =>
      mayGoWithoutNearInfrared(policy, { ...binding, purpose: 'pay', amount, currency });
    expect([pays(5_000, 'EUR'), pays(5_001, 'EUR'), pays(1, 'CHF')]).toEqual([true, false, false]);
    expect(mayGoWithoutNearInfrared(policy, { ...binding, purpose: 'enter' })).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MODEL_VERSION } from './model-version.ts';
import { MOST_LENIENT_RATE, falseMatchRate, loadCalibration, scoreAt, thresholdFor } from './threshold.ts';

const calibration = loadCalibration();
const crowd = (palms: number, falsePositiveIdentificationRate = 1e-3) => ({ palms, falsePositiveIdentificationRate });

describe('the threshold', () => {
  it('stands on figures of the model in use', () => {
    expect(calibration.modelVersion).toBe(MODEL_VERSION);
    expect(calibration.comparisons.impostor).toBeGreaterThan(400_000);
  });

  it('rises with the crowd', () => {
    const scores = [1, 100, 10_000, 1_000_000].map((palms) => thresholdFor(crowd(palms), calibration).score);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(scores.at(-1)).toBeLessThan(0.8);
  });

  it('shares the wished rate among the palms', () => {
    expect(thresholdFor(crowd(10_000), calibration).rate).toBeCloseTo(1e-7, 9);
  });

  it('is never more lenient than one palm may be guarded by', () => {
    expect(thresholdFor(crowd(1, 0.5), calibration).rate).toBe(MOST_LENIENT_RATE);
  });

  it('says where the evidence ends', () => {
    expect(thresholdFor(crowd(10), calibration).beyondEvidence).toBe(false);
    expect(thresholdFor(crowd(100), calibration).beyondEvidence).toBe(true);
  });

  it.each([
    [-1, 0.001],
    [0.5, 0.001],
    [NaN, 0.001],
    [10, 0],
    [10, 1],
    [10, NaN],
  ])('refuses %p palms at %p', (palms, rate) => {
    expect(() => thresholdFor(crowd(palms, rate), calibration)).toThrow(RangeError);
  });

  it('and the rate are each the other way round', () => {
    const there = fc.property(fc.double({ min: -12, max: -0.25, noNaN: true }), (exponent) => {
      const rate = 10 ** exponent;
      expect(Math.log10(falseMatchRate(scoreAt(rate, calibration), calibration))).toBeCloseTo(exponent, 6);
    });
    fc.assert(there);
  });

  it('takes a higher score for a lower rate of false matches', () => {
    const falls = fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.1, noNaN: true }),
      (score, more) => {
        expect(falseMatchRate(score + more, calibration)).toBeLessThanOrEqual(falseMatchRate(score, calibration));
      },
    );
    fc.assert(falls);
  });

  it('takes no score at all for a stranger', () => {
    expect(falseMatchRate(NaN, calibration)).toBe(1);
    expect(falseMatchRate(-1, calibration)).toBe(1);
  });
});

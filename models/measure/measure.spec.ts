import { describe, expect, it } from '@jest/globals';
import { drawnSignature } from '#libs/testing/palms/drawn-signature.ts';
import { intervalsOf } from './bootstrap.ts';
import { calibrationOf } from './calibrate.ts';
import { compareAll } from './comparisons.ts';
import type { Comparisons, Sample, Scores } from './comparisons.ts';
import { detSvg } from './det-svg.ts';
import { supportedFmr } from './evidence.ts';
import { nameShape } from './pictures.ts';
import { detCurve, equalErrorRate, fnmrAt, ratesOf } from './rates.ts';
import { jsonOf, textOf } from './report.ts';
import { reproducible } from './reproducible.ts';

const scores = (values: number[], palms: [number, number][]): Scores => ({
  score: Float64Array.from(values),
  first: Int32Array.from(palms, ([first]) => first),
  second: Int32Array.from(palms, ([, second]) => second),
});

/** Two palms; one genuine comparison of four scores below the best of four strangers. */
const known: Comparisons = {
  palms: 2,
  genuine: scores(
    [0.9, 0.8, 0.7, 0.3],
    [
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ],
  ),
  impostor: scores(
    [0.5, 0.2, 0.1, 0.1],
    [
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ],
  ),
  searches: [
    { palm: 0, right: true },
    { palm: 0, right: true },
    { palm: 1, right: true },
    { palm: 1, right: false },
  ],
};

const sample = (palm: string, variant: number): Sample => ({ palm, signature: drawnSignature(palm, variant) });

describe('the error rates', () => {
  const curve = detCurve(known, [1, 1]);

  it('are equal where as many strangers match as members do not', () => {
    expect(equalErrorRate(curve)).toBe(0.25);
  });

  it('at a false-match rate are those of the most lenient threshold that keeps it', () => {
    expect(fnmrAt(curve, 0)).toBe(0.25);
    expect(fnmrAt(curve, 0.25)).toBe(0);
  });

  it('of a perfect matcher are nothing', () => {
    const perfect = {
      ...known,
      impostor: scores(
        [0.2, 0.1],
        [
          [0, 1],
          [0, 1],
        ],
      ),
    };
    expect(equalErrorRate(detCurve(perfect, [1, 1]))).toBe(0);
  });

  it('count a palm that a bootstrap drew twice twice, and two palms by each way to pair them', () => {
    expect(ratesOf(known, [2, 1]).rank1).toBeCloseTo(5 / 6);
    expect(fnmrAt(detCurve(known, [3, 1]), 0)).toBeCloseTo(1 / 8);
  });

  it('have intervals that hold them, the same each time', () => {
    const drawn = intervalsOf(known, 100, reproducible(7));
    expect(drawn.rank1[0]).toBeLessThanOrEqual(0.75);
    expect(drawn.rank1[1]).toBeGreaterThanOrEqual(0.75);
    expect(intervalsOf(known, 100, reproducible(7))).toEqual(drawn);
  });
});

describe('the comparisons', () => {
  const samples = [sample('a', 0), sample('a', 1), sample('b', 0), sample('b', 1), sample('c', 0)];

  it('are each picture with each other, once', () => {
    const all = compareAll(samples);
    expect([all.palms, all.genuine.score.length, all.impostor.score.length]).toEqual([3, 2, 8]);
  });

  it('search for a palm that has another picture, and for no other', () => {
    expect(compareAll(samples).searches).toEqual([0, 0, 1, 1].map((palm) => ({ palm, right: true })));
  });

  it('count a refused picture as a non-match with its own palm too', () => {
    const rates = ratesOf(compareAll([...samples, { palm: 'a' }]), [1, 1, 1]);
    expect(rates.rank1).toBe(4 / 5);
    expect(rates.fnmr[0]).toBe(0.5);
    expect(rates.eer).toBeGreaterThan(0);
  });

  it('of two refused pictures match no more than anything else', () => {
    const { genuine } = compareAll([{ palm: 'a' }, { palm: 'a' }]);
    expect([...genuine.score]).toEqual([-Infinity]);
  });
});

describe('what the measurement says', () => {
  const comparisons = compareAll([sample('a', 0), sample('a', 1), sample('b', 0), sample('b', 1), { palm: 'b' }]);
  const once = [1, 1];
  const measured = {
    modelVersion: 'palm-v1',
    pictures: 5,
    unnamed: 1,
    refused: { blurred: 1 },
    comparisons,
    rates: ratesOf(comparisons, once),
    intervals: intervalsOf(comparisons, 20, reproducible(1)),
  };

  it('is fractions for programs', () => {
    expect(jsonOf(measured)).toMatchObject({
      eer: measured.rates.eer,
      rank1: 0.8,
      fnmr: { '1e-2': 0.5, '1e-3': 0.5, '1e-4': 0.5 },
      failedToAcquire: 0.2,
    });
  });

  it('is lines for people', () => {
    expect(textOf(measured)).toMatch(/refused +1 \(20\.00 %\): 1 blurred; each counts as a non-match/);
    expect(textOf(measured)).toContain('FMR 1e-4 (too few comparisons)');
  });

  it('is a curve as SVG', () => {
    const svg = detSvg(detCurve(known, once), 'a < b', 0.01);
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(svg).toContain('a &#60; b');
  });

  it('reaches no farther than thirty errors do', () => {
    expect(supportedFmr(300_000)).toBe(1e-4);
  });

  it('is written down for thresholds without a signature', () => {
    const many = Array.from({ length: 40 }, (_, i) => sample(`palm ${i >> 1}`, i % 2));
    const calibration = calibrationOf(compareAll(many), 'palm-v1', 'drawn');
    expect(calibration).toMatchObject({ comparisons: { genuine: 20, impostor: 760, palms: 20 } });
    const falling = calibration.falseMatches.map(({ score }) => score);
    expect(falling).toEqual([...falling].sort((a, b) => a - b));
  });
});

describe('a pattern', () => {
  it.each([
    ['{palm}_{sample}', '0001_0002', '0001'],
    ['{palm}_{sample}', 'anna_left_3', 'anna_left'],
    ['s{sample}-p{palm}', 's3-p17', '17'],
    ['{palm}.x_{sample}', '9.x_1', '9'],
  ])('%p finds the palm of %p', (pattern, name, palm) => {
    expect(nameShape(pattern).exec(name)?.groups?.palm).toBe(palm);
  });

  it('without palm or sample is refused', () => {
    expect(() => nameShape('{palm}')).toThrow(RangeError);
  });
});

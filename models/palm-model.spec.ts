import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { gaborBank, gaussianBank } from './filters.ts';
import { palmModel } from './palm-graph.ts';

describe('the palm model', () => {
  it('in the checkout is the one that the script builds', () => {
    const committed = readFileSync(new URL('./palm-v1.onnx', import.meta.url));
    expect(Buffer.compare(committed, palmModel('palm-v1'))).toBe(0);
  });
});

describe('its filters', () => {
  const bank = gaborBank(6, { size: 21, sigma: 3, wavelength: 10, aspect: 0.5 });
  const filters = Array.from({ length: 6 }, (_, k) => bank.subarray(k * 441, (k + 1) * 441));

  it('do not see brightness, and see all directions alike', () => {
    for (const filter of filters) {
      expect(filter.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
      expect(filter.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
    }
  });

  it('answer most to a dark line of their own direction', () => {
    const upright = Float32Array.from({ length: 441 }, (_, i) => (Math.abs((i % 21) - 10) <= 2 ? 0 : 1));
    const answers = filters.map((filter) => filter.reduce((sum, value, i) => sum + value * upright[i]!, 0));
    expect(answers.indexOf(Math.max(...answers))).toBe(0);
    expect(answers[0]!).toBeGreaterThan(0);
  });

  it('pool to a mean', () => {
    expect(gaussianBank(1, 8, 2).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });
});

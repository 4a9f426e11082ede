import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawnSignature } from '#libs/testing/palms/drawn-signature.ts';
import { ORIENTATIONS, packedCode } from './code.ts';
import { CODE_BYTES, CODE_CELLS, SignatureMismatch, codeScore, decisionScore, fuse, vectorScore } from './compare.ts';

const winners = fc.uint8Array({
  min: 0,
  max: ORIENTATIONS - 1,
  minLength: CODE_CELLS ** 2,
  maxLength: CODE_CELLS ** 2,
});

/** The same cells, laid down `dx` columns and `dy` rows further; what comes in at the edges is new. */
function shifted(cells: Uint8Array, dx: number, dy: number): Uint8Array {
  return cells.map((_, at) => {
    const x = (at % CODE_CELLS) - dx;
    const y = Math.floor(at / CODE_CELLS) - dy;
    return x >= 0 && y >= 0 && x < CODE_CELLS && y < CODE_CELLS ? cells[y * CODE_CELLS + x]! : (at * 7) % ORIENTATIONS;
  });
}

/** The published distance, cell by cell: the smaller angle between two orientations, over its largest. */
function plainScore(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  a.forEach((left, at) => {
    const turn = Math.abs(left - b[at]!);
    sum += Math.min(turn, ORIENTATIONS - turn);
  });
  return 1 - sum / (a.length * 3);
}

describe('the score of two codes', () => {
  it('is one for the same code', () => {
    fc.assert(
      fc.property(winners, (cells) => codeScore(packedCode(cells), packedCode(cells)) === 1),
      { numRuns: 10 },
    );
  });

  it('is the same both ways round', () => {
    const both = fc.property(winners, winners, (a, b) => {
      expect(codeScore(packedCode(a), packedCode(b))).toBe(codeScore(packedCode(b), packedCode(a)));
    });
    fc.assert(both, { numRuns: 15 });
  });

  it('finds a palm again that lay up to four cells beside', () => {
    const shift = fc.integer({ min: -4, max: 4 });
    const found = fc.property(winners, shift, shift, (cells, dx, dy) => {
      expect(codeScore(packedCode(cells), packedCode(shifted(cells, dx, dy)))).toBe(1);
    });
    fc.assert(found, { numRuns: 20 });
  });

  it('is no less than the angles say without a shift', () => {
    const atLeast = fc.property(winners, winners, (a, b) => {
      expect(codeScore(packedCode(a), packedCode(b))).toBeGreaterThanOrEqual(plainScore(a, b) - 1e-12);
    });
    fc.assert(atLeast, { numRuns: 15 });
  });

  it('is zero where all orientations are perpendicular', () => {
    const level = packedCode(new Uint8Array(CODE_CELLS ** 2));
    const upright = packedCode(new Uint8Array(CODE_CELLS ** 2).fill(3));
    expect(codeScore(level, upright)).toBe(0);
  });

  it('reads a code that stands anywhere in a buffer', () => {
    const { code } = drawnSignature('aligned');
    const larger = new Uint8Array(CODE_BYTES + 1);
    larger.set(code, 1);
    expect(codeScore(code, larger.subarray(1))).toBe(1);
  });

  it('refuses a code of another length', () => {
    expect(() => codeScore(new Uint8Array(CODE_BYTES), new Uint8Array(CODE_BYTES - 1))).toThrow(SignatureMismatch);
  });
});

describe('the score of two vectors', () => {
  it('is the cosine', () => {
    const { vector } = drawnSignature('cosine');
    expect(vectorScore(vector, vector)).toBeCloseTo(1, 6);
    expect(
      vectorScore(
        vector,
        vector.map((value) => -value),
      ),
    ).toBeCloseTo(-1, 6);
  });

  it.each([NaN, Infinity])('refuses %p', (bad) => {
    const { vector } = drawnSignature('finite');
    const broken = vector.slice();
    broken[17] = bad;
    expect(() => vectorScore(vector, broken)).toThrow(SignatureMismatch);
  });

  it('refuses a vector of another length', () => {
    expect(() => vectorScore(new Float32Array(256), new Float32Array(256))).toThrow(SignatureMismatch);
  });
});

describe('the verdict', () => {
  it('rises with either score', () => {
    const score = fc.double({ min: -1, max: 1, noNaN: true });
    const more = fc.double({ min: 0.001, max: 1, noNaN: true });
    const rises = fc.property(score, score, more, (vector, code, step) => {
      expect(fuse(vector + step, code)).toBeGreaterThan(fuse(vector, code));
      expect(fuse(vector, code + step)).toBeGreaterThan(fuse(vector, code));
    });
    fc.assert(rises);
  });

  it('is not given across model versions', () => {
    const old = { ...drawnSignature('version'), modelVersion: 'palm-v0' };
    expect(() => decisionScore(old, drawnSignature('version'))).toThrow(SignatureMismatch);
  });
});

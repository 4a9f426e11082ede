import { describe, expect, it } from '@jest/globals';
import type { Findings, Moment } from './findings.ts';
import { brokenIn } from './report.ts';

const then: Moment = { fields: 9, valuesRead: 3, tied: 4, valuesInFiles: 0, remains: 7, signatureBytes: 90, proofs: 5 };
const kept: Findings = {
  before: then,
  after: { ...then, fields: 0, valuesRead: 0, tied: 0, remains: 0, signatureBytes: 0 },
  ordinary: { fields: 9, valuesRead: 3, tied: 4 },
  of: { fields: 9, valuesRead: 3, tied: 4, proofs: 5 },
  looked: { keys: 1, ciphertexts: 9, files: 1, needles: 1, memoryBytes: 1 },
  broken: [],
  limits: { byOrder: 0, besideGaps: 0, withOldKey: 9, valuesInMemory: 0, picturesInMemory: 0 },
};

describe('What counts as a broken promise', () => {
  it('given every promise kept, nothing', () => {
    expect(brokenIn(kept)).toEqual([]);
  });

  it.each([
    ['a field that opens', { fields: 1 }],
    ['a value that is read', { valuesRead: 1 }],
    ['a value in a file', { valuesInFiles: 1 }],
    ['a piece of the removed stream', { remains: 1 }],
    ['purchases tied', { tied: 2 }],
    ['a signature in memory', { signatureBytes: 16 }],
    ['a proof that fails', { proofs: 4 }],
  ])('given %s, that', (_, after) => {
    expect(brokenIn({ ...kept, after: { ...kept.after, ...after } })).toHaveLength(1);
  });

  it('given an attack that shows nothing where something is to be had, that', () => {
    expect(brokenIn({ ...kept, before: { ...then, signatureBytes: 0 } })).toHaveLength(1);
    expect(brokenIn({ ...kept, before: { ...then, fields: 0 } })).toHaveLength(1);
    expect(brokenIn({ ...kept, ordinary: { ...kept.ordinary, fields: 0 } })).toHaveLength(1);
  });
});

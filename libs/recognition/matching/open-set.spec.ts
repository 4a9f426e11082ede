import { describe, expect, it } from '@jest/globals';
import { standsOut } from './open-set.ts';

const match = (oneId: string, score: number, palm = 'p') =>
  ({ oneId, palm, hand: 'left', score, similarity: score }) as const;

describe('who stands out', () => {
  it('is the best, over the threshold and well before every other One ID', () => {
    expect(standsOut([match('anna', 0.8), match('ben', 0.4)], 0.6, 0.1)?.oneId).toBe('anna');
  });

  it('is the only one there is, over the threshold', () => {
    expect(standsOut([match('anna', 0.6)], 0.6, 0.1)?.oneId).toBe('anna');
  });

  it('is nobody below the threshold, in an empty index, or with a score that is no number', () => {
    expect(standsOut([match('anna', 0.59)], 0.6, 0.1)).toBeUndefined();
    expect(standsOut([], 0.6, 0.1)).toBeUndefined();
    expect(standsOut([match('anna', NaN)], 0.6, 0.1)).toBeUndefined();
  });

  it('is nobody where two One IDs are about as likely', () => {
    expect(standsOut([match('anna', 0.8), match('ben', 0.75)], 0.6, 0.1)).toBeUndefined();
  });

  it('does not mind the other hand of the same One ID', () => {
    expect(standsOut([match('anna', 0.8), match('anna', 0.79, 'q'), match('ben', 0.2)], 0.6, 0.1)?.palm).toBe('p');
  });
});

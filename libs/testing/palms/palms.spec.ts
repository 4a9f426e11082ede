import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decisionScore } from '#libs/recognition/palm/compare.ts';
import { palmReader } from '#libs/recognition/palm/palm-reader.ts';
import type { PalmReader, Signature } from '#libs/recognition/palm/port.ts';
import { loadCalibration, thresholdFor } from '#libs/recognition/palm/threshold.ts';
import { drawnSignature } from './drawn-signature.ts';
import { drawPalm } from './palm-picture.ts';
import type { DrawnPalm } from './palm-picture.ts';

/** What the system asks for among a hundred thousand palms. */
const needed = thresholdFor({ palms: 100_000, falsePositiveIdentificationRate: 1e-3 }, loadCalibration()).score;
const MARGIN = 0.03;

interface Taken {
  readonly whose: string;
  readonly signature: Signature;
}

/** One hand each of twenty persons, and the other hand of two of them. */
const twenty: readonly ['left' | 'right', number][] = [
  ...Array.from({ length: 20 }, (_, person): ['left' | 'right', number] => [
    person % 2 === 0 ? 'left' : 'right',
    person,
  ]),
  ['right', 0],
  ['left', 1],
];

/** Lowest score of one hand's captures, highest of two hands'. */
function extremes(taken: readonly Taken[]): { same: number; different: number } {
  let [same, different] = [1, 0];
  taken.forEach((a, i) => {
    for (const b of taken.slice(0, i)) {
      const score = decisionScore(a.signature, b.signature);
      if (a.whose === b.whose) same = Math.min(same, score);
      else different = Math.max(different, score);
    }
  });
  return { same, different };
}

describe('drawn palms', () => {
  let reader: PalmReader;
  beforeAll(() => {
    reader = palmReader({ deadlineMs: 25_000 });
  });
  afterAll(() => reader.close());

  async function take(
    kind: NonNullable<DrawnPalm['kind']>,
    hands: readonly ['left' | 'right', number][],
  ): Promise<Taken[]> {
    const taken: Taken[] = [];
    for (const [hand, person] of hands) {
      for (const capture of [0, 1]) {
        const reading = await reader.read({ visible: await drawPalm({ person, hand, capture, kind }) });
        if (reading.outcome === 'refused') throw new Error(`${kind} ${person} ${hand}: ${reading.reasons.join()}`);
        taken.push({ whose: `${person} ${hand}`, signature: reading.signature });
      }
    }
    return taken;
  }

  it('are the same picture for the same arguments, and another for others', async () => {
    const palm: DrawnPalm = { person: 'same', hand: 'left', capture: 3 };
    expect(await drawPalm(palm)).toEqual(await drawPalm(palm));
    expect(await drawPalm(palm)).not.toEqual(await drawPalm({ ...palm, capture: 4 }));
  });

  it('match their own hand and no other of twenty persons, as whole hands', async () => {
    const { same, different } = extremes(await take('hand', twenty));
    expect(same).toBeGreaterThan(needed + MARGIN);
    expect(different).toBeLessThan(needed - MARGIN);
  });

  it('match their own hand and no other of twenty persons, as regions', async () => {
    const { same, different } = extremes(await take('region', twenty));
    expect(same).toBeGreaterThan(needed + MARGIN);
    expect(different).toBeLessThan(needed - MARGIN);
  });
});

describe('drawn signatures', () => {
  const one = (seed: number, variant = 0): Taken => ({ whose: `${seed}`, signature: drawnSignature(seed, variant) });

  it('are unit vectors, and the same for the same seed', () => {
    const { vector } = drawnSignature('unit');
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    expect(drawnSignature('unit')).toEqual(drawnSignature('unit'));
  });

  it('match their variants and no other seed', () => {
    const taken = Array.from({ length: 60 }, (_, seed) => [one(seed, 0), one(seed, 1), one(seed, 2)]).flat();
    const { same, different } = extremes(taken);
    expect(same).toBeGreaterThan(needed + MARGIN);
    expect(different).toBeLessThan(needed - MARGIN);
  });
});

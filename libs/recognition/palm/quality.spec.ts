import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import { openPicture } from './decode.ts';
import { judge } from './quality.ts';
import { REGION_SIDE, findRegion } from './region.ts';

async function regionOf(image: Sharp): Promise<Float32Array> {
  const opened = await openPicture(Uint8Array.from(await image.png().toBuffer()));
  const found = opened.opened ? findRegion(opened.picture) : undefined;
  if (!found?.found) throw new Error('no region');
  return found.region;
}

describe('a palm', () => {
  let palm: Uint8Array;
  const judged = async (image: Sharp) => judge(await regionOf(image), REGION_SIDE);
  beforeAll(async () => {
    palm = await drawPalm({ person: 'quality', hand: 'right', capture: 1, kind: 'region' });
  });

  it('that is sharp and well lit passes, with a high quality', async () => {
    const { reasons, quality } = await judged(sharp(palm));
    expect(reasons).toEqual([]);
    expect(quality).toBeGreaterThan(0.9);
    expect(quality).toBeLessThanOrEqual(1);
  });

  it('in the dark is too dark', async () => {
    expect((await judged(sharp(palm).linear(0.15, 0))).reasons).toEqual(['too-dark']);
  });

  it('in glare is too bright', async () => {
    expect((await judged(sharp(palm).linear(3, 0))).reasons).toEqual(['too-bright']);
  });

  it('out of focus is blurred', async () => {
    expect(await judged(sharp(palm).blur(6))).toEqual({ reasons: ['blurred'], quality: 0 });
  });

  it('that does not fill its region is none', async () => {
    const region = (await regionOf(sharp(palm))).map((value, i) => (i % REGION_SIDE < 20 ? 0.02 : value));
    expect(judge(region, REGION_SIDE).reasons).toEqual(['not-a-palm']);
  });

  it('is not a sheet of paper, noise, or print', () => {
    const flat = new Float32Array(REGION_SIDE ** 2).fill(0.6);
    const noise = flat.map((_, i) => 0.5 + 0.2 * Math.sin(i * i * 12.9898));
    const print = flat.map((_, i) => ((i >> 2) % 8 < 4 !== (i >> 9) % 8 < 4 ? 0.8 : 0.35));
    for (const picture of [flat, noise, print]) expect(judge(picture, REGION_SIDE).reasons).toEqual(['not-a-palm']);
  });
});

import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';
import type { DrawnPalm } from '#libs/testing/palms/palm-picture.ts';
import { openPicture } from './decode.ts';
import { findRegion } from './region.ts';
import type { Found } from './region.ts';

const hand: DrawnPalm = { person: 'region', hand: 'right', capture: 0 };
const drawn = async (palm: Partial<DrawnPalm> = {}) => sharp(await drawPalm({ ...hand, ...palm }));

async function found(image: Sharp): Promise<Found> {
  const opened = await openPicture(Uint8Array.from(await image.png().toBuffer()));
  if (!opened.opened) throw new Error(opened.reason);
  return findRegion(opened.picture);
}

function likeness(a: Found, b: Found): number {
  if (!a.found || !b.found) return 0;
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a.region), mean(b.region)];
  let [ab, aa, bb] = [0, 0, 0];
  a.region.forEach((value, i) => {
    const [x, y] = [value - ma, b.region[i]! - mb];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  });
  return ab / Math.sqrt(aa * bb);
}

const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } });

describe('the palm in a whole hand', () => {
  it.each([-60, -25, 40, 90, 180])('is the same when the picture is turned by %p degrees', async (angle) => {
    const upright = await found(await drawn());
    const turned = await found((await drawn()).rotate(angle, { background: '#1b2430' }));
    expect(upright).toMatchObject({ found: true, whole: true });
    expect(likeness(upright, turned)).toBeGreaterThan(0.65);
  });

  it('is the same when the hand is nearer or farther', async () => {
    const near = await found(await drawn());
    const far = await found((await drawn()).resize(400));
    expect(likeness(near, far)).toBeGreaterThan(0.65);
  });

  it('is found on a light ground too', async () => {
    const light = (await drawn()).negate({ alpha: false });
    expect(await found(light)).toMatchObject({ found: true, whole: true });
  });

  it('is found for either hand and in near infrared', async () => {
    expect(await found(await drawn({ hand: 'left' }))).toMatchObject({ found: true });
    expect(await found(await drawn({ light: 'near-infrared' }))).toMatchObject({ found: true });
  });
});

describe('a picture that is a region already', () => {
  it('is taken whole', async () => {
    expect(await found(await drawn({ kind: 'region' }))).toMatchObject({ found: true, whole: false });
  });

  it('shows what the reader finds in a whole hand', async () => {
    const [alone, whole] = [await found(await drawn({ kind: 'region' })), await found(await drawn())];
    expect(likeness(alone, whole)).toBeGreaterThan(0.5);
  });
});

describe('no palm', () => {
  it('is found where the hand has too few pixels', async () => {
    expect(await found((await drawn()).resize(180))).toEqual({ found: false, reason: 'too-small' });
  });

  it('is found where fingers are cut off', async () => {
    const cut = (await drawn()).extract({ left: 0, top: 190, width: 540, height: 400 });
    expect(await found(cut)).toEqual({ found: false, reason: 'not-a-palm' });
  });

  it('is found in a disc on a ground', async () => {
    const disc = Buffer.from('<svg width="400" height="400"><circle cx="200" cy="200" r="120" fill="#caa"/></svg>');
    expect(await found(plain(400, 400, '#111').composite([{ input: disc }]))).toEqual({
      found: false,
      reason: 'not-a-palm',
    });
  });

  it('is chosen from two hands', async () => {
    const one = await (await drawn()).resize(400).toBuffer();
    const other = await (await drawn({ hand: 'left' })).resize(400).toBuffer();
    const both = plain(800, 474, '#1b2430').composite([
      { input: one, left: 0, top: 0 },
      { input: other, left: 400, top: 0 },
    ]);
    expect(await found(both)).toEqual({ found: false, reason: 'more-than-one-hand' });
  });

  it.each([
    ['too-dark', '#0a0a0a'],
    ['too-bright', '#fdfdfd'],
  ])('is found, since it is %s', async (reason, colour) => {
    expect(await found(plain(640, 480, colour))).toEqual({ found: false, reason });
  });

  it('is found in a long picture without a ground', async () => {
    expect(await found(plain(400, 200, '#caa'))).toEqual({ found: false, reason: 'not-a-palm' });
  });
});

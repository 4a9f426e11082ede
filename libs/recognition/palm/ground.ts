import type { Picture } from './picture.ts';

/** Difference of colour (mean of the channels, 0 to 255) between what is ground and what is not, for there to be a ground at all. */
const LEAST_CONTRAST = 30;
/**
 * How much of all variance must be that between the two sides. A hand on a plain ground gives 0.95 and more; shading that
 * fades across a palm gives at most 0.78, also where one side of it is much darker.
 */
const LEAST_PARTED = 0.82;
/** At least this share of a picture must lie on either side. */
const LEAST_SHARE = 0.02;

/** 1 where something lies on the ground, 0 where the ground shows. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * What lies on a plain ground: the ground's colour is that of most of the picture's edge, and Otsu's threshold (IEEE SMC
 * 9(1), 1979) parts the differences from it. Undefined where nothing stands out, as in a picture of a region alone.
 */
export function onGround(picture: Picture): Mask | undefined {
  const differences = differencesFrom(picture, edgeColour(picture));
  const histogram = new Float64Array(256);
  for (let i = 0; i < differences.length; i++) histogram[differences[i]!]!++;
  const { ground, contrast, share, parted } = otsu(histogram);
  if (contrast < LEAST_CONTRAST || parted < LEAST_PARTED || share < LEAST_SHARE || share > 1 - LEAST_SHARE)
    return undefined;
  // Nearer to the ground than to the skin: a palm's dark lines must not cut the hand in pieces.
  const threshold = ground + contrast / 3;
  const data = new Uint8Array(differences.length);
  for (let i = 0; i < data.length; i++) data[i] = differences[i]! > threshold ? 1 : 0;
  differences.fill(0);
  return { width: picture.width, height: picture.height, data };
}

/** Median of each channel along the edge. */
function edgeColour({ width, height, channels, data }: Picture): number[] {
  const edge: number[] = [];
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) edge.push(y * width, y * width + width - 1);
  return Array.from({ length: channels }, (_, c) => {
    const values = Uint8Array.from(edge, (pixel) => data[pixel * channels + c]!).sort();
    return values[values.length >> 1]!;
  });
}

function differencesFrom({ width, height, channels, data }: Picture, colour: readonly number[]): Uint8Array {
  const out = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < out.length; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Math.abs(data[at++]! - colour[c]!);
    out[i] = sum / channels;
  }
  return out;
}

interface Parting {
  /** Mean difference of what is ground. */
  readonly ground: number;
  readonly contrast: number;
  readonly share: number;
  readonly parted: number;
}

function otsu(histogram: Float64Array): Parting {
  let total = 0;
  let sum = 0;
  let squares = 0;
  histogram.forEach((count, value) => {
    total += count;
    sum += count * value;
    squares += count * value * value;
  });
  const variance = squares * total - sum * sum;
  let best = { ground: 0, contrast: 0, share: 0, parted: 0 };
  let most = 0;
  let below = 0;
  let sumBelow = 0;
  for (let value = 0; value < 255; value++) {
    below += histogram[value]!;
    sumBelow += histogram[value]! * value;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const contrast = (sum - sumBelow) / above - sumBelow / below;
    const between = below * above * contrast * contrast;
    if (between <= most) continue;
    most = between;
    best = { ground: sumBelow / below, contrast, share: above / total, parted: between / variance };
  }
  return best;
}

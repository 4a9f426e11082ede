import { onGround } from './ground.ts';
import type { Mask } from './ground.ts';
import { regionOfHand } from './hand.ts';
import { around, greyOf, sample, shrink, wipe } from './picture.ts';
import type { Picture, Square } from './picture.ts';
import type { QualityReason } from './port.ts';
import { BRIGHTEST, DARKEST } from './quality.ts';
import { largestShape } from './shapes.ts';
import type { Shape } from './shapes.ts';

/** Pixels a side of the region that the model takes. */
export const REGION_SIDE = 128;

/** The longer side of the picture in which the hand is looked for. */
const SEARCH_SIDE = 216;
/** A palm with fewer pixels a side has lost its lines. */
const LEAST_PIXELS = 96;
/** Sides of a picture that may be a region already, one by the other. */
const SQUARE_ENOUGH = 1.2;
/** How much of the region must lie on the hand. */
const LEAST_SKIN = 0.97;
/** A second thing on the ground of at least this share of the first is another hand. */
const SECOND_HAND = 0.35;
const LEAST_HAND = 0.06;

export type Found =
  | { readonly found: true; readonly region: Float32Array; readonly whole: boolean }
  | { readonly found: false; readonly reason: QualityReason };

/** The palm's region of interest: in a whole hand on a plain ground, or the picture is a region already. */
export function findRegion(picture: Picture): Found {
  const small = shrink(picture, SEARCH_SIDE);
  const mask = onGround(small);
  const square = mask === undefined ? wholePicture(picture, small) : squareOf(mask, small.factor);
  wipe(small, mask);
  if (typeof square === 'string') return { found: false, reason: square };
  if (square.side < LEAST_PIXELS) return { found: false, reason: 'too-small' };
  const part = around(picture, square);
  const grey = greyOf(part.picture);
  const region = sample(grey, part.square, REGION_SIDE);
  wipe(part.picture, grey);
  return { found: true, region, whole: mask !== undefined };
}

function wholePicture({ width, height }: Picture, small: Picture): Square | QualityReason {
  if (Math.max(width, height) <= SQUARE_ENOUGH * Math.min(width, height)) {
    return { x: width / 2, y: height / 2, side: Math.min(width, height), across: [1, 0] };
  }
  // A hand that the dark or a glare hides: say so, rather than that there is none.
  const brightness = small.data.reduce((sum, value) => sum + value, 0) / (255 * small.data.length);
  if (brightness < DARKEST) return 'too-dark';
  return brightness > BRIGHTEST ? 'too-bright' : 'not-a-palm';
}

/** In pixels of the full picture. */
function squareOf(mask: Mask, factor: number): Square | QualityReason {
  const shape = largestShape(mask);
  if (shape === undefined || shape.area < LEAST_HAND * mask.data.length) return 'not-a-palm';
  const square = regionOfHand(shape.mask);
  const reason = judged(shape, square);
  shape.mask.data.fill(0);
  if (square === undefined || reason !== undefined) return reason ?? 'not-a-palm';
  // A small pixel's middle is the middle of the block that it stands for.
  const scaled = (at: number) => (at + 0.5) * factor;
  return { x: scaled(square.x), y: scaled(square.y), side: square.side * factor, across: square.across };
}

function judged(shape: Shape, square: Square | undefined): QualityReason | undefined {
  if (shape.next > SECOND_HAND * shape.area) return 'more-than-one-hand';
  if (square === undefined || skinShare(shape.mask, square) < LEAST_SKIN) return 'not-a-palm';
  return undefined;
}

function skinShare({ width, height, data }: Mask, square: Square): number {
  const points = 16;
  const [ax, ay] = square.across;
  let inside = 0;
  for (let i = 0; i < points * points; i++) {
    const u = (((i % points) + 0.5) / points - 0.5) * square.side;
    const v = ((Math.floor(i / points) + 0.5) / points - 0.5) * square.side;
    const x = Math.round(square.x + u * ax - v * ay);
    const y = Math.round(square.y + u * ay + v * ax);
    if (x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1) inside++;
  }
  return inside / (points * points);
}

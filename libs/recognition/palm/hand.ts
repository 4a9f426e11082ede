import type { Mask } from './ground.ts';
import { outlineOf, peaks, smoothed } from './outline.ts';
import type { Outline } from './outline.ts';
import type { Square } from './picture.ts';
import { innerDisc } from './shapes.ts';
import type { Disc } from './shapes.ts';

/** All lengths are in radii of the palm's inner disc unless they say otherwise. */
const FINGER_STANDS_OUT = 0.3;
const FINGER_REACHES = 1.5;
const FINGER_MEASURED_AT = 0.6;
const FINGER_WIDTH = 0.75;
/** How much farther apart than its neighbour one pair of finger valleys may lie. */
const UNEVEN = 1.8;

/** The region in units of the distance between the outer two finger valleys. */
const REGION_SIDE = 1.5;
const REGION_BELOW_VALLEYS = 0.25;

type Point = readonly [number, number];

/**
 * Where the palm's region lies in a hand's shape: a square below the line through the valley of index and middle finger and
 * that of ring and little finger, as wide as these are apart, times 1.5, fingers up whichever way the hand lies. Undefined
 * where the shape does not show four spread fingers.
 *
 * Zhang, Kong, You, Wong, "Online palmprint identification", IEEE PAMI 25(9), 2003: the valleys fix the palm's frame.
 */
export function regionOfHand(mask: Mask): Square | undefined {
  const disc = innerDisc(mask);
  const outline = outlineOf(mask);
  if (disc.radius < 5 || outline.x.length < 9 * disc.radius) return undefined;
  const reach = Math.max(1, Math.round(disc.radius / 12));
  const line = { x: smoothed(outline.x, reach), y: smoothed(outline.y, reach) };
  const valleys = fingerValleys(line, disc, mask);
  return valleys && squareBelow(valleys[0], valleys[2], disc);
}

function fingerValleys(line: Outline, disc: Disc, mask: Mask): readonly [Point, Point, Point] | undefined {
  const away = line.x.map((x, i) => Math.hypot(x - disc.x, line.y[i]! - disc.y));
  const tips = peaks(away, FINGER_STANDS_OUT * disc.radius).filter((tip) => isFinger(line, tip, away, disc, mask));
  if (tips.length !== 4 && tips.length !== 5) return undefined;
  const order = fromWrist(tips, line.x.length);
  const valleys = order.slice(1).map((tip, i) => lowest(line, away, order[i]!, tip));
  return evenThree(valleys);
}

/** Far from the palm, thin, and ending inside the picture: not the arm. */
function isFinger(line: Outline, tip: number, away: Float32Array, disc: Disc, mask: Mask): boolean {
  const n = line.x.length;
  if (away[tip]! < FINGER_REACHES * disc.radius) return false;
  const x = line.x[tip]!;
  const y = line.y[tip]!;
  if (x < 2 || y < 2 || x > mask.width - 3 || y > mask.height - 3) return false;
  const along = Math.round(FINGER_MEASURED_AT * disc.radius);
  const before = (tip - along + n) % n;
  const after = (tip + along) % n;
  const width = Math.hypot(line.x[after]! - line.x[before]!, line.y[after]! - line.y[before]!);
  return width < FINGER_WIDTH * disc.radius;
}

/** The tips in order round the hand, the widest way between two of them, round the wrist, left out. */
function fromWrist(tips: readonly number[], n: number): number[] {
  let widest = 0;
  let first = 0;
  tips.forEach((tip, i) => {
    const previous = tips[(i - 1 + tips.length) % tips.length]!;
    const way = (tip - previous + n) % n;
    if (way > widest) [widest, first] = [way, i];
  });
  return tips.map((_, i) => tips[(first + i) % tips.length]!);
}

function lowest(line: Outline, away: Float32Array, from: number, to: number): Point {
  const n = away.length;
  let best = from;
  for (let i = from; i !== to; i = (i + 1) % n) if (away[i]! < away[best]!) best = i;
  return [line.x[best]!, line.y[best]!];
}

/** Of four valleys the one beside the thumb lies apart. */
function evenThree(valleys: readonly Point[]): readonly [Point, Point, Point] | undefined {
  const gap = (i: number) => Math.hypot(valleys[i + 1]![0] - valleys[i]![0], valleys[i + 1]![1] - valleys[i]![1]);
  const first = valleys.length === 4 && gap(0) > gap(2) ? 1 : 0;
  const uneven = gap(first) / gap(first + 1);
  if (!(uneven < UNEVEN && uneven > 1 / UNEVEN)) return undefined;
  return [valleys[first]!, valleys[first + 1]!, valleys[first + 2]!];
}

function squareBelow([ax, ay]: Point, [cx, cy]: Point, disc: Disc): Square | undefined {
  const unit = Math.hypot(cx - ax, cy - ay);
  if (unit < 0.5 * disc.radius || unit > 2 * disc.radius) return undefined;
  const middle: Point = [(ax + cx) / 2, (ay + cy) / 2];
  // Of the line's two directions, that which has the palm a quarter turn clockwise from it.
  const along: Point = [(cx - ax) / unit, (cy - ay) / unit];
  const palmIsClockwise = along[0] * (disc.y - middle[1]) - along[1] * (disc.x - middle[0]) > 0;
  const across: Point = palmIsClockwise ? along : [-along[0], -along[1]];
  const depth = (REGION_BELOW_VALLEYS + REGION_SIDE / 2) * unit;
  return { x: middle[0] - across[1] * depth, y: middle[1] + across[0] * depth, side: REGION_SIDE * unit, across };
}

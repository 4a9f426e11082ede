import type { Mask } from './ground.ts';

export interface Shape {
  /** 1 where the shape is, its holes filled. */
  readonly mask: Mask;
  readonly area: number;
  /** Area of the next largest, for telling one hand from two. */
  readonly next: number;
}

const OUTSIDE = 2;

/** The largest connected thing on the ground; undefined where there is none. */
export function largestShape({ width, height, data }: Mask): Shape | undefined {
  const labels = Int32Array.from(data);
  const stack = new Int32Array(width * height);
  for (const at of edgeOf(width, height)) if (labels[at] === 0) fill(labels, stack, at, OUTSIDE, width);
  // What is ground but cannot be reached from the picture's edge is a hole, and belongs to what surrounds it.
  for (let at = 0; at < labels.length; at++) labels[at] = labels[at] === OUTSIDE ? 0 : 1;
  let next = 0;
  let largest = { area: 0, label: 0 };
  for (let at = 0, label = OUTSIDE; at < labels.length; at++) {
    if (labels[at] !== 1) continue;
    const area = fill(labels, stack, at, label, width);
    next = Math.max(next, Math.min(area, largest.area));
    if (area > largest.area) {
      next = largest.area;
      largest = { area, label };
    }
    label++;
  }
  if (largest.area === 0) return undefined;
  const mask = new Uint8Array(labels.length);
  for (let at = 0; at < labels.length; at++) mask[at] = labels[at] === largest.label ? 1 : 0;
  labels.fill(0);
  return { mask: { width, height, data: mask }, area: largest.area, next };
}

function* edgeOf(width: number, height: number): Generator<number> {
  for (let x = 0; x < width; x++) yield x;
  for (let y = 1; y < height; y++) {
    yield y * width;
    yield y * width + width - 1;
  }
  for (let x = 0; x < width; x++) yield (height - 1) * width + x;
}

/** Gives `label` to all that has the seed's value and is reached from it over sides; returns how many pixels that is. */
function fill(labels: Int32Array, stack: Int32Array, seed: number, label: number, width: number): number {
  const value = labels[seed]!;
  let top = 1;
  let area = 0;
  stack[0] = seed;
  labels[seed] = label;
  while (top > 0) {
    const at = stack[--top]!;
    const x = at % width;
    area++;
    if (x > 0 && labels[at - 1] === value) top = push(labels, stack, top, at - 1, label);
    if (x < width - 1 && labels[at + 1] === value) top = push(labels, stack, top, at + 1, label);
    if (labels[at - width] === value) top = push(labels, stack, top, at - width, label);
    if (labels[at + width] === value) top = push(labels, stack, top, at + width, label);
  }
  return area;
}

function push(labels: Int32Array, stack: Int32Array, top: number, at: number, label: number): number {
  labels[at] = label;
  stack[top] = at;
  return top + 1;
}

export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The largest disc that fits into the shape: a hand's palm. By chamfer distances (Borgefors 1986), some 4 % off. */
export function innerDisc({ width, height, data }: Mask): Disc {
  const far = new Float32Array((width + 2) * (height + 2));
  const pitch = width + 2;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) if (data[y * width + x] === 1) far[(y + 1) * pitch + x + 1] = 1e6;
  }
  const diagonal = Math.SQRT2;
  for (let at = pitch + 1; at < far.length - pitch - 1; at++) {
    if (far[at] === 0) continue;
    const above = Math.min(far[at - pitch]!, far[at - 1]!) + 1;
    far[at] = Math.min(above, Math.min(far[at - pitch - 1]!, far[at - pitch + 1]!) + diagonal);
  }
  let best = 0;
  for (let at = far.length - pitch - 2; at > pitch; at--) {
    if (far[at] === 0) continue;
    const below = Math.min(far[at + pitch]!, far[at + 1]!) + 1;
    const value = Math.min(far[at]!, below, Math.min(far[at + pitch + 1]!, far[at + pitch - 1]!) + diagonal);
    far[at] = value;
    if (value > far[best]!) best = at;
  }
  return { x: (best % pitch) - 1, y: Math.floor(best / pitch) - 1, radius: far[best]! };
}

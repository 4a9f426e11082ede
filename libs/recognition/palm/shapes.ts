import type { Mask } from './ground.ts';

export interface Shape {
  /** 1 where the shape is, its holes filled. */
  readonly mask: Mask;
  readonly area: number;
  /** Area of the next largest, for telling one hand from two. */
  readonly next: number;
}

/** The largest connected thing on the ground; undefined where there is none. */
export function largestShape({ width, height, data }: Mask): Shape | undefined {
  const labels = new Int32Array(width * height);
  const areas: number[] = [0];
  const stack = new Int32Array(width * height);
  for (let i = 0; i < labels.length; i++) {
    if (data[i] === 0 || labels[i] !== 0) continue;
    areas.push(fill(labels, stack, i, areas.length, width, height, (at) => data[at] === 1));
  }
  const order = areas.map((area, label) => ({ area, label })).sort((a, b) => b.area - a.area);
  const [largest, next] = order;
  if (largest === undefined || largest.area === 0) return undefined;
  const mask = withoutHoles(labels, stack, largest.label, width, height);
  return { mask, area: largest.area, next: next?.area ?? 0 };
}

/** All that cannot be reached from the picture's edge without crossing the shape. */
function withoutHoles(labels: Int32Array, stack: Int32Array, label: number, width: number, height: number): Mask {
  const outside = new Int32Array(width * height);
  const open = (at: number) => labels[at] !== label;
  const start = (at: number) => {
    if (outside[at] === 0 && open(at)) fill(outside, stack, at, 1, width, height, open);
  };
  for (let x = 0; x < width; x++) {
    start(x);
    start((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    start(y * width);
    start(y * width + width - 1);
  }
  return { width, height, data: Uint8Array.from(outside, (value) => 1 - value) };
}

/** Labels what is reached from `seed` over sides; returns how many pixels that is. */
function fill(
  labels: Int32Array,
  stack: Int32Array,
  seed: number,
  label: number,
  width: number,
  height: number,
  wanted: (at: number) => boolean,
): number {
  let top = 0;
  let area = 0;
  const push = (at: number) => {
    if (labels[at] !== 0 || !wanted(at)) return;
    labels[at] = label;
    stack[top++] = at;
  };
  push(seed);
  while (top > 0) {
    const at = stack[--top]!;
    const x = at % width;
    area++;
    if (x > 0) push(at - 1);
    if (x < width - 1) push(at + 1);
    if (at >= width) push(at - width);
    if (at < width * (height - 1)) push(at + width);
  }
  return area;
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

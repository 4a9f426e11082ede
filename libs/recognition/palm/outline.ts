import type { Mask } from './ground.ts';

/** Points along a shape's edge, in order, clockwise in the picture. */
export interface Outline {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Eight neighbours, clockwise from the right (picture y runs down). */
const STEPS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Moore's tracing of the shape's outer edge. */
export function outlineOf(mask: Mask): Outline {
  const { width, height, data } = mask;
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  const first = data.indexOf(1);
  const xs: number[] = [];
  const ys: number[] = [];
  if (first < 0) return { x: new Float32Array(), y: new Float32Array() };
  let x = first % width;
  let y = Math.floor(first / width);
  let heading = 0;
  const most = width * height;
  for (let i = 0; i < most; i++) {
    const turn = nextTurn(inside, x, y, (heading + 6) % 8);
    if (turn === undefined) break;
    if (i > 0 && x === first % width && y === Math.floor(first / width) && turn === 0) break;
    xs.push(x);
    ys.push(y);
    heading = turn;
    x += STEPS[turn]![0];
    y += STEPS[turn]![1];
    if (i > 2 && x === xs[0] && y === ys[0]) break;
  }
  return { x: Float32Array.from(xs), y: Float32Array.from(ys) };
}

function nextTurn(inside: (x: number, y: number) => boolean, x: number, y: number, from: number): number | undefined {
  for (let k = 0; k < 8; k++) {
    const turn = (from + k) % 8;
    if (inside(x + STEPS[turn]![0], y + STEPS[turn]![1])) return turn;
  }
  return undefined;
}

/** Each value the mean of `reach` neighbours each way, going round. */
export function smoothed(values: Float32Array, reach: number): Float32Array {
  const n = values.length;
  const out = new Float32Array(n);
  const window = 2 * reach + 1;
  if (n < window) return values.slice();
  let sum = 0;
  for (let k = -reach; k <= reach; k++) sum += values[(k + n) % n]!;
  for (let i = 0; i < n; i++) {
    out[i] = sum / window;
    sum += values[(i + reach + 1) % n]! - values[(i - reach + n) % n]!;
  }
  return out;
}

/** Places of peaks that stand out from the lows on both sides by at least `least`, in order, going round. */
export function peaks(values: Float32Array, least: number): number[] {
  const n = values.length;
  let start = 0;
  for (let i = 1; i < n; i++) if (values[i]! < values[start]!) start = i;
  const found: number[] = [];
  let low = values[start]!;
  let high = start;
  let rising = true;
  for (let k = 1; k <= n; k++) {
    const i = (start + k) % n;
    const value = values[i]!;
    if (rising) {
      if (value > values[high]!) high = i;
      if (value < low && high === start) low = value;
      if (values[high]! - value >= least && values[high]! - low >= least) {
        found.push(high);
        rising = false;
        low = value;
      }
    } else {
      if (value < low) low = value;
      if (value - low >= least) {
        rising = true;
        high = i;
      }
    }
  }
  return found;
}

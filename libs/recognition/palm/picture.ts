/** Grey or RGB bytes, row by row. Whoever is handed one overwrites it when done. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** A square cut from a picture: its middle, and the step of one side's direction, in pixels. Its sides may be turned. */
export interface Square {
  readonly x: number;
  readonly y: number;
  /** Length of a side, pixels. */
  readonly side: number;
  /** Unit vector of the square's own x axis; its y axis is a quarter turn clockwise from it (picture y runs down). */
  readonly across: readonly [number, number];
}

/** Overwrites pictures that are no longer wanted. */
export function wipe(...pictures: readonly ({ readonly data: Uint8Array } | undefined)[]): void {
  for (const picture of pictures) picture?.data.fill(0);
}

/** Brightness as the eye weighs it (ITU-R BT.601). */
export function greyOf({ width, height, channels, data }: Picture): Picture {
  if (channels === 1) return { width, height, channels, data: data.slice() };
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (data[at]! * 77 + data[at + 1]! * 150 + data[at + 2]! * 29 + 128) >> 8;
  }
  return { width, height, channels: 1, data: grey };
}

/** The part of a picture that a square lies in, with a pixel's margin, and the square's place in it. */
export function around(picture: Picture, square: Square): { picture: Picture; square: Square } {
  const reach = (square.side / 2) * (Math.abs(square.across[0]) + Math.abs(square.across[1])) + 2;
  const left = Math.max(0, Math.min(picture.width - 2, Math.floor(square.x - reach)));
  const top = Math.max(0, Math.min(picture.height - 2, Math.floor(square.y - reach)));
  const width = Math.max(2, Math.min(picture.width, Math.ceil(square.x + reach)) - left);
  const height = Math.max(2, Math.min(picture.height, Math.ceil(square.y + reach)) - top);
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { picture: { width, height, channels, data }, square: { ...square, x: square.x - left, y: square.y - top } };
}

/** Smaller by a whole factor, each pixel the mean of those it stands for, so that the longer side is at most `longest`. */
export function shrink(picture: Picture, longest: number): Picture & { factor: number } {
  const factor = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / longest));
  const { channels } = picture;
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const data = new Uint8Array(width * height * channels);
  const rowSums = new Uint32Array(width * channels);
  for (let y = 0; y < height; y++) {
    rowSums.fill(0);
    for (let row = 0; row < factor; row++)
      addRow(picture, (y * factor + row) * picture.width * channels, rowSums, factor);
    const at = y * rowSums.length;
    for (let i = 0; i < rowSums.length; i++) data[at + i] = rowSums[i]! / (factor * factor);
  }
  return { width, height, channels, data, factor };
}

function addRow({ data, channels }: Picture, from: number, sums: Uint32Array, factor: number): void {
  const step = channels * factor;
  for (let c = 0; c < channels; c++) {
    for (let x = c, at = from + c; x < sums.length; x += channels, at += step) {
      let sum = 0;
      for (let k = 0; k < step; k += channels) sum += data[at + k]!;
      sums[x] = sums[x]! + sum;
    }
  }
}

/**
 * The square of a grey picture as `size` x `size` numbers from 0 to 1. Each is the mean of enough points, taken between
 * pixels, that none of the picture is skipped. Outside the picture its edge goes on.
 */
export function sample(grey: Picture, square: Square, size: number): Float32Array {
  const step = square.side / size;
  const points = Math.max(1, Math.ceil(step));
  const [ax, ay] = square.across;
  const out = new Float32Array(size * size);
  const weight = 1 / (255 * points * points);
  for (let row = 0; row < size * points; row++) {
    const v = (row + 0.5) / points - size / 2;
    const base = Math.floor(row / points) * size;
    for (let column = 0; column < size * points; column++) {
      const u = (column + 0.5) / points - size / 2;
      const x = square.x + (u * ax - v * ay) * step;
      const y = square.y + (u * ay + v * ax) * step;
      out[base + Math.floor(column / points)]! += weight * between(grey, x - 0.5, y - 0.5);
    }
  }
  return out;
}

function between({ data, width, height }: Picture, x: number, y: number): number {
  const cx = Math.max(0, Math.min(width - 1, x));
  const cy = Math.max(0, Math.min(height - 1, y));
  const left = Math.min(width - 2, Math.floor(cx));
  const top = Math.min(height - 2, Math.floor(cy));
  const fx = cx - left;
  const fy = cy - top;
  const at = top * width + left;
  const upper = data[at]! * (1 - fx) + data[at + 1]! * fx;
  const lower = data[at + width]! * (1 - fx) + data[at + width + 1]! * fx;
  return upper * (1 - fy) + lower * fy;
}

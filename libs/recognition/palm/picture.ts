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

/**
 * Smaller by a whole factor, so that the longer side is at most `longest`: each pixel is the mean of the middle row of the
 * block that it stands for, which is enough to tell a hand from its ground.
 */
export function shrink(picture: Picture, longest: number): Picture & { factor: number } {
  const factor = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / longest));
  const { channels, data } = picture;
  const width = Math.floor(picture.width / factor);
  const height = Math.floor(picture.height / factor);
  const small = new Uint8Array(width * height * channels);
  const step = channels * factor;
  for (let y = 0, to = 0; y < height; y++) {
    const row = (y * factor + (factor >> 1)) * picture.width * channels;
    for (let block = row, x = 0; x < width; x++, block += step) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = c; k < step; k += channels) sum += data[block + k]!;
        small[to++] = sum / factor;
      }
    }
  }
  return { width, height, channels, data: small, factor };
}

/**
 * The square of a grey picture as `size` x `size` numbers from 0 to 1. Each is the mean of enough points, taken between
 * pixels, that none of the picture is skipped. Outside the picture its edge goes on.
 */
export function sample(grey: Picture, square: Square, size: number): Float32Array {
  const points = Math.max(1, Math.ceil(square.side / size));
  const count = size * points;
  const step = square.side / count;
  const [dx, dy] = [square.across[0] * step, square.across[1] * step];
  const out = new Float32Array(size * size);
  for (let row = 0; row < count; row++) {
    const [u, v] = [0.5 - count / 2, row + 0.5 - count / 2];
    // A pixel's middle lies half a pixel into it.
    let x = square.x + u * dx - v * dy - 0.5;
    let y = square.y + u * dy + v * dx - 0.5;
    const base = Math.floor(row / points) * size;
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let k = 0; k < points; k++, x += dx, y += dy) sum += between(grey, x, y);
      out[base + column]! += sum;
    }
  }
  const weight = 1 / (255 * points * points);
  for (let i = 0; i < out.length; i++) out[i]! *= weight;
  return out;
}

/** Between four pixels, by their nearness. */
function between({ data, width, height }: Picture, x: number, y: number): number {
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const left = cx >= width - 1 ? width - 2 : cx | 0;
  const top = cy >= height - 1 ? height - 2 : cy | 0;
  const fx = cx - left;
  const fy = cy - top;
  const at = top * width + left;
  const upper = data[at]! + (data[at + 1]! - data[at]!) * fx;
  const lower = data[at + width]! + (data[at + width + 1]! - data[at + width]!) * fx;
  return upper + (lower - upper) * fy;
}

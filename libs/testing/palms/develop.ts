import type { Seeded } from './seeded.ts';

export interface Development {
  /** Numbers of the hand: its skin's texture. */
  readonly texture: Seeded;
  readonly place: { x: number; y: number; unit: number; turn: number; mirrored: boolean };
  readonly grey: boolean;
}

/** Cells of skin texture for one unit. */
const TEXTURE_PITCH = 9;
/** A power of two; the texture repeats far outside the palm. */
const TEXTURE_SIDE = 64;
/** So many different specks; each row begins somewhere else among them. */
const SPECKS = 8192;

/** A clean drawing (RGB bytes) as a camera would give it: skin has texture, light falls from a side, the sensor grains. */
export function developed(
  clean: Uint8Array,
  width: number,
  height: number,
  grain: Seeded,
  { texture, place, grey }: Development,
): Uint8Array {
  const skin = Float32Array.from({ length: TEXTURE_SIDE * TEXTURE_SIDE }, () => 1 + texture.normal(0, 0.035));
  const gain = grain.between(0.85, 1.1);
  const slopeX = grain.normal(0, 0.12) / width;
  const slopeY = grain.normal(0, 0.12) / height;
  const noise = grain.between(1.5, 3);
  const specks = Float32Array.from({ length: SPECKS }, () => (grain.between(-1, 1) + grain.between(-1, 1)) * noise);
  const turn = (place.turn * Math.PI) / 180;
  const cos = Math.cos(turn) / place.unit;
  const sin = Math.sin(turn) / place.unit;
  const mirror = place.mirrored ? -1 : 1;
  const pixels = new Uint8ClampedArray(clean.length);
  for (let y = 0, at = 0; y < height; y++) {
    let speck = grain.whole(SPECKS);
    const slope = 1 + slopeY * (y - height / 2);
    for (let x = 0; x < width; x++, at += 3) {
      const u = mirror * ((x - place.x) * cos + (y - place.y) * sin);
      const v = (y - place.y) * cos - (x - place.x) * sin;
      const light = gain * (slope + slopeX * (x - width / 2)) * texel(skin, u, v);
      const dust = specks[speck++ % SPECKS]!;
      const green = clean[at + 1]! * light + dust;
      pixels[at] = grey ? green : clean[at]! * light + dust;
      pixels[at + 1] = green;
      pixels[at + 2] = grey ? green : clean[at + 2]! * light + dust;
    }
  }
  return new Uint8Array(pixels.buffer);
}

/** Between four cells of the texture. */
function texel(skin: Float32Array, u: number, v: number): number {
  const x = u * TEXTURE_PITCH + TEXTURE_SIDE * 8;
  const y = v * TEXTURE_PITCH + TEXTURE_SIDE * 8;
  const wrap = TEXTURE_SIDE - 1;
  // Never below zero where a picture is, so cutting off is rounding down.
  const left = x | 0;
  const top = y | 0;
  const fx = x - left;
  const fy = y - top;
  const upper = (top & wrap) * TEXTURE_SIDE;
  const lower = ((top + 1) & wrap) * TEXTURE_SIDE;
  const near = left & wrap;
  const far = (left + 1) & wrap;
  const above = skin[upper + near]! * (1 - fx) + skin[upper + far]! * fx;
  const below = skin[lower + near]! * (1 - fx) + skin[lower + far]! * fx;
  return above * (1 - fy) + below * fy;
}

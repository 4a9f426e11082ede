import type { Seeded } from './seeded.ts';

export interface Development {
  /** Numbers of the hand: its skin's texture. */
  readonly texture: Seeded;
  readonly place: { x: number; y: number; unit: number; turn: number; mirrored: boolean };
  readonly grey: boolean;
}

/** Cells of skin texture for one unit. */
const TEXTURE_PITCH = 9;
const TEXTURE_SIDE = 64;

/** A clean drawing (RGB bytes) as a camera would give it: skin has texture, light falls from a side, the sensor grains. */
export function developed(
  clean: Uint8Array,
  width: number,
  height: number,
  grain: Seeded,
  { texture, place, grey }: Development,
): Uint8Array {
  const skin = Float32Array.from({ length: TEXTURE_SIDE * TEXTURE_SIDE }, () => texture.normal(0, 0.035));
  const gain = grain.between(0.85, 1.1);
  const slopeX = grain.normal(0, 0.12);
  const slopeY = grain.normal(0, 0.12);
  const noise = grain.between(1.5, 3);
  const turn = (place.turn * Math.PI) / 180;
  const cos = Math.cos(turn) / place.unit;
  const sin = Math.sin(turn) / place.unit;
  const pixels = new Uint8Array(clean.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x - place.x) * cos + (y - place.y) * sin;
      const v = (y - place.y) * cos - (x - place.x) * sin;
      const at = (y * width + x) * 3;
      const light = gain * (1 + slopeX * (x / width - 0.5) + slopeY * (y / height - 0.5));
      const bump = 1 + texel(skin, place.mirrored ? -u : u, v);
      const speck = (grain.between(-1, 1) + grain.between(-1, 1)) * noise;
      for (let c = 0; c < 3; c++) {
        const value = clean[at + (grey ? 1 : c)]! * light * bump + speck;
        pixels[at + c] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return pixels;
}

/** Bilinear, repeating far outside the palm. */
function texel(skin: Float32Array, u: number, v: number): number {
  const x = u * TEXTURE_PITCH + TEXTURE_SIDE * 8;
  const y = v * TEXTURE_PITCH + TEXTURE_SIDE * 8;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const at = (column: number, row: number) => skin[(row % TEXTURE_SIDE) * TEXTURE_SIDE + (column % TEXTURE_SIDE)]!;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}

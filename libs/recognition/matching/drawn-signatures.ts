import type { Signature } from '../palm/port.ts';

/** Random signatures for tests and measurements: the same seed draws the same people. */
export interface SignatureDrawer {
  /** Somebody: a unit vector and a code that no other draw comes near to. */
  readonly somebody: () => Signature;
  /** The same palm captured again: `noise` 0 is the very same, 1 about as far as a stranger. */
  readonly again: (signature: Signature, noise: number) => Signature;
}

export function signatureDrawer(
  seed: number,
  shape = { modelVersion: 'drawn-1', dimensions: 64, codeBytes: 32 },
): SignatureDrawer {
  const random = mulberry32(seed);
  const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const unit = (vector: Float32Array): Float32Array => {
    const length = Math.hypot(...vector);
    return vector.map((component) => component / length);
  };
  return {
    somebody: () => ({
      modelVersion: shape.modelVersion,
      vector: unit(new Float32Array(shape.dimensions).map(gauss)),
      code: new Uint8Array(shape.codeBytes).map(() => Math.floor(random() * 256)),
    }),
    again: ({ modelVersion, vector, code }, noise) => {
      const each = noise / Math.sqrt(vector.length);
      return {
        modelVersion,
        vector: unit(vector.map((component) => component + gauss() * each)),
        code: code.map((byte) => (random() < noise ? Math.floor(random() * 256) : byte)),
      };
    },
  };
}

/** A small generator with a seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

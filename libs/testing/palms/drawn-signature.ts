import { ORIENTATIONS, packedCode } from '#libs/recognition/palm/code.ts';
import { CODE_CELLS, VECTOR_LENGTH } from '#libs/recognition/palm/compare.ts';
import { MODEL_VERSION } from '#libs/recognition/palm/model-version.ts';
import type { Signature } from '#libs/recognition/palm/port.ts';
import { seeded } from './seeded.ts';

/** Cosine of two strangers' vectors, and of two captures of one palm, as real palms have them in the mean. */
const STRANGERS = 0.44;
const SAME_PALM = 0.88;
/** Share of cells in which a capture sees another orientation than the palm has. */
const CELLS_CHANGED = 0.2;

/** What all palms have in common: drawn once. */
const COMMON = unit(noise('what palms have in common'));

/**
 * A signature as the model might make it, without a picture: for seeding and load tests. Deterministic. Variants of one seed
 * are captures of one palm and match each other; other seeds do not.
 */
export function drawnSignature(seed: string | number, variant: string | number = 0): Signature {
  const palm = mixed(COMMON, noise('palm', seed), STRANGERS);
  const vector = mixed(palm, noise('capture', seed, variant), SAME_PALM);
  return { modelVersion: MODEL_VERSION, vector, code: drawnCode(seed, variant) };
}

/** A unit vector whose cosine to another's, mixed from the same first part, is about `share`. */
function mixed(a: Float32Array, b: Float32Array, share: number): Float32Array {
  const [left, right] = [Math.sqrt(share), Math.sqrt(1 - share)];
  const other = unit(b);
  return unit(a.map((value, i) => left * value + right * other[i]!));
}

function noise(...words: readonly (string | number)[]): Float32Array {
  const draw = seeded(...words);
  return Float32Array.from({ length: VECTOR_LENGTH }, () => draw.normal(0, 1));
}

function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}

function drawnCode(seed: string | number, variant: string | number): Uint8Array {
  const palm = seeded('code', seed);
  const capture = seeded('code', seed, variant);
  const winners = Uint8Array.from({ length: CODE_CELLS ** 2 }, () => palm.whole(ORIENTATIONS));
  return packedCode(
    winners.map((winner) => (capture.between(0, 1) < CELLS_CHANGED ? capture.whole(ORIENTATIONS) : winner)),
  );
}

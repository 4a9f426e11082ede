import type { Signature } from './port.ts';

/** Numbers of a vector: 8 orientations x 8 x 8 cells. Chosen by measuring, see docs/recognition.md. */
export const VECTOR_LENGTH = 512;

/** The code's cells a side. A row of one bit plane is one 32-bit word. */
export const CODE_CELLS = 32;
const PLANES = 3;
const PLANE_WORDS = CODE_CELLS;

/** Three bit planes of 32 rows, each row a little-endian 32-bit word whose bit x is column x. */
export const CODE_BYTES = PLANES * PLANE_WORDS * 4;

/** How many cells one code is shifted against the other, each way: 4 cells are an eighth of the region. */
const SHIFTS = 4;

/**
 * What the two scores weigh in the verdict. Strangers' cosines scatter some four times as wide as their code scores, so
 * this gives both about the same say. Chosen by measuring, fixed with the model version.
 */
const VECTOR_WEIGHT = 0.3;
const CODE_WEIGHT = 0.7;

/** Two signatures that cannot be compared: wrong length, not finite, or of different model versions. */
export class SignatureMismatch extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'SignatureMismatch';
  }
}

/**
 * How alike two signatures are, for the verdict. At most 1 (the same), about 0.55 for strangers. Rises with either score,
 * symmetric, deterministic. Thresholds for it: threshold.ts.
 * @throws {SignatureMismatch}
 */
export function decisionScore(a: Signature, b: Signature): number {
  if (a.modelVersion !== b.modelVersion) throw new SignatureMismatch('signatures of different model versions');
  return fuse(vectorScore(a.vector, b.vector), codeScore(a.code, b.code));
}

/** The verdict's score of a cosine and a code score. */
export function fuse(vector: number, code: number): number {
  return VECTOR_WEIGHT * vector + CODE_WEIGHT * code;
}

/**
 * Cosine of two unit vectors, -1 to 1.
 * @throws {SignatureMismatch}
 */
export function vectorScore(a: Float32Array, b: Float32Array): number {
  if (a.length !== VECTOR_LENGTH || b.length !== VECTOR_LENGTH) {
    throw new SignatureMismatch(`a vector has ${VECTOR_LENGTH} numbers`);
  }
  let sum = 0;
  for (let i = 0; i < VECTOR_LENGTH; i++) sum += a[i]! * b[i]!;
  if (!Number.isFinite(sum)) throw new SignatureMismatch('a vector has finite numbers');
  return Math.max(-1, Math.min(1, sum));
}

/**
 * One minus the normalised angular distance of two competitive codes at the best shift of up to four cells each way, over
 * the cells that overlap: 1 the same, 0 all orientations perpendicular.
 *
 * Kong and Zhang, "Competitive coding scheme for palmprint verification", ICPR 2004: the distance of two of six
 * orientations, 0 to 3, is the number of differing bits of their three-bit codes, so whole rows compare by XOR and a count
 * of bits. A hand is never laid down twice at the same place; the shifts take that up (ibid., and Zhang, Kong, You, Wong,
 * "Online palmprint identification", PAMI 25(9), 2003).
 * @throws {SignatureMismatch}
 */
export function codeScore(a: Uint8Array, b: Uint8Array): number {
  const left = words(a);
  const right = words(b);
  let nearest = 1;
  for (let dy = -SHIFTS; dy <= SHIFTS; dy++) {
    for (let dx = -SHIFTS; dx <= SHIFTS; dx++) nearest = Math.min(nearest, distance(left, right, dx, dy));
  }
  left.fill(0);
  right.fill(0);
  return 1 - nearest;
}

/** Cell (x + dx, y + dy) of the left code against (x, y) of the right one, where both exist. */
function distance(left: Uint32Array, right: Uint32Array, dx: number, dy: number): number {
  const columns = CODE_CELLS - Math.abs(dx);
  const rows = CODE_CELLS - Math.abs(dy);
  const mask = 0xffffffff >>> Math.abs(dx);
  const leftDown = Math.max(0, dx);
  const rightDown = Math.max(0, -dx);
  let differing = 0;
  for (let plane = 0; plane < PLANES; plane++) {
    let l = plane * PLANE_WORDS + Math.max(0, dy);
    let r = plane * PLANE_WORDS + Math.max(0, -dy);
    for (let row = 0; row < rows; row++) {
      differing += bits(((left[l++]! >>> leftDown) ^ (right[r++]! >>> rightDown)) & mask);
    }
  }
  return differing / (PLANES * columns * rows);
}

function words(code: Uint8Array): Uint32Array {
  if (code.length !== CODE_BYTES) throw new SignatureMismatch(`a code has ${CODE_BYTES} bytes`);
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  return Uint32Array.from({ length: CODE_BYTES / 4 }, (_, i) => view.getUint32(i * 4, true));
}

function bits(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  v = (v + (v >>> 4)) & 0x0f0f0f0f;
  v += v >>> 8;
  return (v + (v >>> 16)) & 0x3f;
}

import { CODE_BYTES } from './compare.ts';

/** Orientations that a cell can have, at steps of 30 degrees. */
export const ORIENTATIONS = 6;

const PLANES = 3;

/** Three bits of the six orientations: how many differ is the angle between two, in steps (Kong and Zhang, ICPR 2004). */
const BITS_OF_ORIENTATION = [0b000, 0b001, 0b011, 0b111, 0b110, 0b100];

/** The winning orientation (0 to 5) of each of 32 x 32 cells, row by row, as a code: three bit planes, see compare.ts. */
export function packedCode(winners: Uint8Array): Uint8Array {
  const code = new Uint8Array(CODE_BYTES);
  const plane = CODE_BYTES / PLANES;
  for (let cell = 0; cell < winners.length; cell++) {
    const bits = BITS_OF_ORIENTATION[winners[cell]!]!;
    for (let p = 0; p < PLANES; p++) code[p * plane + (cell >> 3)]! |= ((bits >> p) & 1) << (cell % 8);
  }
  return code;
}

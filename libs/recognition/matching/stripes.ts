import { INTERLEAVED, STRIPE } from './blocks.ts';

/** Writes a row's bytes (a multiple of `STRIPE`) to its stripes; `rowsAt` is where the block's rows begin. */
export function writeStripes(u8: Uint8Array, rowsAt: number, row: number, bytes: Uint8Array): void {
  let at = firstStripe(rowsAt, row, bytes.length);
  for (let from = 0; from < bytes.length; from += STRIPE, at += INTERLEAVED * STRIPE) {
    for (let i = 0; i < STRIPE; i++) u8[at + i] = bytes[from + i]!;
  }
}

export function readStripes(u8: Uint8Array, rowsAt: number, row: number, bytes: Uint8Array): void {
  let at = firstStripe(rowsAt, row, bytes.length);
  for (let to = 0; to < bytes.length; to += STRIPE, at += INTERLEAVED * STRIPE) {
    for (let i = 0; i < STRIPE; i++) bytes[to + i] = u8[at + i]!;
  }
}

function firstStripe(rowsAt: number, row: number, length: number): number {
  const lane = row % INTERLEAVED;
  return rowsAt + (row - lane) * length + lane * STRIPE;
}

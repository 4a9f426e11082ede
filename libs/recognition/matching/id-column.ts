import { type Block, ID_BYTES } from './blocks.ts';

/** An id as a column holds it: its length, then its characters. */
export function readId({ bank, base }: Block, column: number, at: number): string {
  const from = base + column + at * ID_BYTES;
  let id = '';
  for (let i = 1; i <= bank.u8[from]!; i++) id += String.fromCharCode(bank.u8[from + i]!);
  return id;
}

export function writeId(u8: Uint8Array, at: number, id: string): void {
  u8.fill(0, at, at + ID_BYTES);
  u8[at] = id.length;
  for (let i = 0; i < id.length; i++) u8[at + 1 + i] = id.charCodeAt(i);
}

import type { Hit, Needle } from './needle.ts';

const WINDOW = 4;
const BITS = 22;
/** A stretch of fewer different bytes, such as zeros, is found everywhere and says nothing. */
const LEAST_DIFFERENT = 6;
/** Nor is it looked for from a place where it begins like everything else: the next place of it is. */
const LEAST_DIFFERENT_AT_FIRST = 3;

interface Start {
  readonly needle: Needle;
  readonly offset: number;
}

/** Finds all needles in one pass over the bytes, however many they are. */
export type Search = (bytes: Buffer) => Hit[];

export function searchFor(needles: readonly Needle[]): Search {
  const starts = new Map<number, Start[]>();
  const may = new Uint8Array(2 ** (BITS - 3));
  for (const needle of needles) for (const offset of offsetsOf(needle)) note(starts, may, needle, offset);
  return (bytes) => {
    const hits: Hit[] = [];
    let window = bytes.length < WINDOW ? 0 : bytes.readUInt32BE(0) >>> 8;
    for (let at = 0; at + WINDOW <= bytes.length; at += 1) {
      window = ((window << 8) | bytes[at + WINDOW - 1]!) >>> 0;
      const bit = hashOf(window);
      if ((may[bit >>> 3]! & (1 << (bit & 7))) === 0) continue;
      const hit = hitAt(bytes, at, starts.get(window));
      if (hit === undefined) continue;
      hits.push(hit);
      // What follows belongs to this hit; the window is read anew behind it.
      at += hit.length - 1;
      if (at + 1 + WINDOW <= bytes.length) window = bytes.readUInt32BE(at + 1) >>> 8;
    }
    return hits;
  };
}

function offsetsOf({ bytes, least }: Needle): number[] {
  if (least >= bytes.length) return [0];
  const offsets = Array.from({ length: bytes.length - least + 1 }, (_, offset) => offset);
  const different = (from: number, to: number): number => new Set(bytes.subarray(from, to)).size;
  return offsets.filter((offset) => {
    const tells = different(offset, offset + least) >= LEAST_DIFFERENT;
    return tells && different(offset, offset + WINDOW) >= LEAST_DIFFERENT_AT_FIRST;
  });
}

function note(starts: Map<number, Start[]>, may: Uint8Array, needle: Needle, offset: number): void {
  const window = needle.bytes.readUInt32BE(offset);
  const known = starts.get(window);
  if (known === undefined) starts.set(window, [{ needle, offset }]);
  else known.push({ needle, offset });
  const bit = hashOf(window);
  may[bit >>> 3]! |= 1 << (bit & 7);
}

function hitAt(bytes: Buffer, at: number, starts: readonly Start[] | undefined): Hit | undefined {
  let best: Hit | undefined;
  for (const { needle, offset } of starts ?? []) {
    const most = Math.min(needle.bytes.length - offset, bytes.length - at);
    let length = WINDOW;
    while (length < most && bytes[at + length] === needle.bytes[offset + length]) length += 1;
    if (length >= needle.least && length > (best?.length ?? 0)) best = { needle, at, length };
  }
  return best;
}

const hashOf = (window: number): number => Math.imul(window, 0x9e3779b1) >>> (32 - BITS);

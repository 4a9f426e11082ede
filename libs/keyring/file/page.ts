/*
 * A page's plain layout. Header of 8 bytes: mark, level (0: leaf), live (u16), gone (u16), 2 spare.
 * Leaf: the places of live keys, sorted; their keys in the same order; the places of destroyed names, sorted.
 * Above: for each child its lowest place, its slot, its key. Nothing in a page tells when it, or an entry, was written.
 */

/** Bytes of a page on disk, and of what it holds: 16 go to the tag. */
export const PAGE_BYTES = 16_384;
export const PLAIN_BYTES = PAGE_BYTES - 16;
export const PLACE_BYTES = 16;
export const KEY_BYTES = 32;
const HEADER = 8;
const MARK = 0x50;
const LIVE_BYTES = PLACE_BYTES + KEY_BYTES;
const CHILD_BYTES = PLACE_BYTES + 4 + KEY_BYTES;
const ROOM = PLAIN_BYTES - HEADER;
const MAX_CHILDREN = Math.floor(ROOM / CHILD_BYTES);

/** A name's place among the keys: 16 bytes. */
export type Place = Buffer;

/** What stands at a place: a key, or (undefined) that it was destroyed. */
export interface Entry {
  readonly place: Place;
  readonly key: Buffer | undefined;
}

/** Where a page lies, the key of this one version of it, and the lowest place that belongs to it. */
export interface PageRef {
  readonly low: Place;
  readonly slot: number;
  readonly key: Buffer;
}

export const LOWEST: Place = Buffer.alloc(PLACE_BYTES);

const countLive = (page: Buffer): number => page.readUInt16LE(2);
const countGone = (page: Buffer): number => page.readUInt16LE(4);
export const isPage = (page: Buffer): boolean => page[0] === MARK;
export const levelOf = (page: Buffer): number => page.readUInt8(1);

function header(level: number, live: number, gone: number): Buffer {
  const page = Buffer.alloc(PLAIN_BYTES);
  page.writeUInt8(MARK, 0);
  page.writeUInt8(level, 1);
  page.writeUInt16LE(live, 2);
  page.writeUInt16LE(gone, 4);
  return page;
}

/** The index of the first of `count` records, each starting with a place, that is not below `place`. */
function lowerBound(page: Buffer, start: number, count: number, width: number, place: Place): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = start + middle * width;
    if (page.compare(place, 0, PLACE_BYTES, at, at + PLACE_BYTES) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function indexOf(page: Buffer, start: number, count: number, place: Place): number {
  const index = lowerBound(page, start, count, PLACE_BYTES, place);
  const at = start + index * PLACE_BYTES;
  return index < count && page.compare(place, 0, PLACE_BYTES, at, at + PLACE_BYTES) === 0 ? index : -1;
}

/** The key at a place of a leaf, as a copy that the caller overwrites. */
export function keyAt(page: Buffer, place: Place): Buffer | 'gone' | 'unknown' {
  const live = countLive(page);
  const index = indexOf(page, HEADER, live, place);
  const goneStart = HEADER + live * LIVE_BYTES;
  if (index < 0) return indexOf(page, goneStart, countGone(page), place) < 0 ? 'unknown' : 'gone';
  const at = HEADER + live * PLACE_BYTES + index * KEY_BYTES;
  return copyOf(page, at, KEY_BYTES);
}

/** All entries of a leaf, sorted by place. Views into the page: use them before anything else runs. */
export function entriesOf(page: Buffer): Entry[] {
  const live = countLive(page);
  const gone = countGone(page);
  const keysStart = HEADER + live * PLACE_BYTES;
  const goneStart = HEADER + live * LIVE_BYTES;
  const entries: Entry[] = [];
  let next = 0;
  for (let i = 0; i < live; i++) {
    const at = HEADER + i * PLACE_BYTES;
    for (; next < gone && comparePlaces(page, goneStart + next * PLACE_BYTES, at) < 0; next++) {
      entries.push(goneEntry(page, goneStart, next));
    }
    const key = page.subarray(keysStart + i * KEY_BYTES, keysStart + (i + 1) * KEY_BYTES);
    entries.push({ place: page.subarray(at, at + PLACE_BYTES), key });
  }
  for (; next < gone; next++) entries.push(goneEntry(page, goneStart, next));
  return entries;
}

const comparePlaces = (page: Buffer, one: number, other: number): number => {
  return page.compare(page, other, other + PLACE_BYTES, one, one + PLACE_BYTES);
};

const goneEntry = (page: Buffer, start: number, index: number): Entry => {
  const at = start + index * PLACE_BYTES;
  return { place: page.subarray(at, at + PLACE_BYTES), key: undefined };
};

/** Leaves for sorted entries: one where they fit, else several with a quarter of room left. */
export function leavesOf(entries: readonly Entry[]): { low: Place; page: Buffer }[] {
  const bytes = entries.reduce((sum, entry) => sum + (entry.key ? LIVE_BYTES : PLACE_BYTES), 0);
  const target = bytes <= ROOM ? ROOM : Math.ceil(bytes / Math.ceil(bytes / (ROOM * 0.75)));
  const leaves: { low: Place; page: Buffer }[] = [];
  let from = 0;
  while (from < entries.length || leaves.length === 0) {
    let to = from;
    let used = 0;
    while (to < entries.length && used < target) {
      const next = entries[to]?.key ? LIVE_BYTES : PLACE_BYTES;
      if (used + next > ROOM) break;
      used += next;
      to++;
    }
    const part = entries.slice(from, to);
    leaves.push({ low: Buffer.from(part[0]?.place ?? LOWEST), page: leafOf(part) });
    from = to;
  }
  return leaves;
}

function leafOf(entries: readonly Entry[]): Buffer {
  const live = entries.filter((entry) => entry.key);
  const gone = entries.filter((entry) => !entry.key);
  const page = header(0, live.length, gone.length);
  live.forEach((entry, i) => {
    entry.place.copy(page, HEADER + i * PLACE_BYTES);
    entry.key?.copy(page, HEADER + live.length * PLACE_BYTES + i * KEY_BYTES);
  });
  gone.forEach((entry, i) => entry.place.copy(page, HEADER + live.length * LIVE_BYTES + i * PLACE_BYTES));
  return page;
}

/** The children of a page above the leaves, copied. */
export function childrenOf(page: Buffer): PageRef[] {
  return Array.from({ length: countLive(page) }, (_, index) => childAt(page, index));
}

/** Which child a place belongs to, copied, and the lowest place of the next one. */
export function childFor(page: Buffer, place: Place): { child: PageRef; index: number; nextLow: Place | undefined } {
  const count = countLive(page);
  const bound = lowerBound(page, HEADER, count, CHILD_BYTES, place);
  const at = HEADER + bound * CHILD_BYTES;
  const exact = bound < count && page.compare(place, 0, PLACE_BYTES, at, at + PLACE_BYTES) === 0;
  const index = exact ? bound : Math.max(0, bound - 1);
  const nextLow = index + 1 < count ? childAt(page, index + 1).low : undefined;
  return { child: childAt(page, index), index, nextLow };
}

function childAt(page: Buffer, index: number): PageRef {
  const at = HEADER + index * CHILD_BYTES;
  return {
    low: copyOf(page, at, PLACE_BYTES),
    slot: page.readUInt32LE(at + PLACE_BYTES),
    key: copyOf(page, at + PLACE_BYTES + 4, KEY_BYTES),
  };
}

/** Pages for sorted children: one where they fit, else several with a quarter of room left. */
export function parentsOf(level: number, children: readonly PageRef[]): { low: Place; page: Buffer }[] {
  const pages = children.length <= MAX_CHILDREN ? 1 : Math.ceil(children.length / (MAX_CHILDREN * 0.75));
  const each = Math.ceil(children.length / pages);
  const parents: { low: Place; page: Buffer }[] = [];
  for (let from = 0; from < children.length; from += each) {
    const part = children.slice(from, from + each);
    parents.push({ low: part[0]?.low ?? LOWEST, page: parentOf(level, part) });
  }
  return parents;
}

function parentOf(level: number, children: readonly PageRef[]): Buffer {
  const page = header(level, children.length, 0);
  children.forEach((child, index) => {
    const at = HEADER + index * CHILD_BYTES;
    child.low.copy(page, at);
    page.writeUInt32LE(child.slot, at + PLACE_BYTES);
    child.key.copy(page, at + PLACE_BYTES + 4);
  });
  return page;
}

/* Not Buffer.from: that may share the pool, which is not overwritten. */
function copyOf(page: Buffer, at: number, length: number): Buffer {
  const copy = Buffer.alloc(length);
  page.copy(copy, 0, at, at + length);
  return copy;
}

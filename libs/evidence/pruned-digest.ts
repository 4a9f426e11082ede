import { hash } from 'node:crypto';
import { growingRoot } from './growing-root.ts';

/** How many leaves one page of the map stands for: a bit each. */
const LEAVES_A_PAGE = 8192n;
const PAGE_BYTES = Number(LEAVES_A_PAGE) / 8;

/**
 * The digest of the set of pruned leaves below `treeSize`: the RFC 9162 root over a map of the leaves, cut into pages of 1,024 bytes.
 * Leaf i's bit is bit `i % 8` (least significant first) of byte `(i % 8192) / 8` of page `i / 8192`; a set bit says pruned.
 * It tells the set and not the order of the prunings. `indexes` must rise.
 */
export async function prunedDigest(
  treeSize: bigint,
  indexes: AsyncIterable<bigint> | Iterable<bigint>,
): Promise<Buffer> {
  const root = growingRoot();
  const blank = Buffer.alloc(PAGE_BYTES);
  const blankHash = pageHash(blank);
  let added = 0n;
  let page = Buffer.from(blank);
  let dirty = false;
  const addUpTo = (end: bigint): void => {
    for (; added < end; added++) {
      root.add(dirty ? pageHash(page) : blankHash);
      if (dirty) page = Buffer.from(blank);
      dirty = false;
    }
  };
  for await (const index of indexes) {
    if (index >= treeSize) break;
    addUpTo(index / LEAVES_A_PAGE);
    const bit = Number(index % LEAVES_A_PAGE);
    page[bit >> 3]! |= 1 << (bit & 7);
    dirty = true;
  }
  addUpTo(mapPages(treeSize));
  return root.root();
}

/** How many pages the map of so many leaves has. */
export function mapPages(treeSize: bigint): bigint {
  return (treeSize + LEAVES_A_PAGE - 1n) / LEAVES_A_PAGE;
}

function pageHash(page: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), page]), 'buffer');
}

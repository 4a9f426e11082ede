import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Hit } from './needle.ts';
import type { Search } from './search.ts';

const PAGE = 4096;
const ENTRY = 8;
const BLOCK = 16 * 1024 * 1024;
/** Longer than any needle: what begins in one block is found whole. */
const OVERLAP = 16 * 1024;

interface Region {
  readonly from: number;
  readonly to: number;
}

export interface MemorySearched {
  readonly hits: readonly Hit[];
  /** Bytes of resident pages that were read. */
  readonly bytes: number;
}

/** Searches a process's resident pages, all threads' in one. The process stands still meanwhile. */
export function searchMemory(pid: number, search: Search): MemorySearched {
  process.kill(pid, 'SIGSTOP');
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    const hits: Hit[] = [];
    let bytes = 0;
    for (const region of regionsOf(pid).flatMap((whole) => residentIn(pid, whole))) {
      bytes += region.to - region.from;
      for (const hit of searchRegion(memory, region, search)) hits.push(hit);
    }
    return { hits, bytes };
  } finally {
    closeSync(memory);
    process.kill(pid, 'SIGCONT');
  }
}

/** Mapped pieces of which something is resident; without those that the kernel serves and those that only show a file. */
function regionsOf(pid: number): Region[] {
  const pieces = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  return pieces.flatMap((piece) => {
    const [, from, to, rights, name] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)/.exec(piece) ?? [];
    if (from === undefined || to === undefined || /^\[v(var|dso|syscall)/.test(name!)) return [];
    if (name!.startsWith('/') && !rights!.includes('w')) return [];
    const held = Number(/^Rss: +(\d+)/m.exec(piece)?.[1]) + Number(/^Swap: +(\d+)/m.exec(piece)?.[1] ?? 0);
    return held === 0 ? [] : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }];
  });
}

/** The stretches of pages that are in memory or swapped out: bits 63 and 62 of their entries. */
function residentIn(pid: number, { from, to }: Region): Region[] {
  const map = openSync(`/proc/${pid}/pagemap`, 'r');
  const found: { from: number; to: number }[] = [];
  const entries = Buffer.alloc(64 * 1024 * ENTRY);
  try {
    for (let page = from / PAGE; page < to / PAGE; page += entries.length / ENTRY) {
      const wanted = Math.min(entries.length, (to / PAGE - page) * ENTRY);
      const read = readSync(map, entries, 0, wanted, page * ENTRY);
      for (let at = 0; at + ENTRY <= read; at += ENTRY) {
        if ((entries[at + 7]! & 0xc0) === 0) continue;
        const start = (page + at / ENTRY) * PAGE;
        const last = found.at(-1);
        if (last?.to === start) last.to = start + PAGE;
        else found.push({ from: start, to: start + PAGE });
      }
    }
  } finally {
    closeSync(map);
  }
  return found;
}

function searchRegion(memory: number, { from, to }: Region, search: Search): Hit[] {
  const hits: Hit[] = [];
  const block = Buffer.allocUnsafe(Math.min(BLOCK + OVERLAP, to - from));
  for (let at = from; at < to; at += BLOCK) {
    const read = readOrNothing(memory, block, Math.min(block.length, to - at), at);
    for (const hit of search(block.subarray(0, read))) {
      if (hit.at < BLOCK) hits.push({ ...hit, at: at + hit.at });
    }
  }
  block.fill(0);
  return hits;
}

/** A page that went away since it was listed has nothing to tell. */
function readOrNothing(memory: number, into: Buffer, length: number, at: number): number {
  try {
    return readSync(memory, into, 0, length, at);
  } catch (error) {
    if (['EIO', 'EFAULT'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

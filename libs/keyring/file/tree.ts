import {
  childFor,
  childrenOf,
  type Entry,
  entriesOf,
  keyAt,
  leavesOf,
  levelOf,
  LOWEST,
  type PageRef,
  parentsOf,
  type Place,
} from './page.ts';
import type { PageReader, PageWriter } from './pages.ts';

export type Found = Buffer | 'gone' | 'unknown';

/** What stands at sorted places, each page opened once. Keys are copies that the caller overwrites. */
export async function find(
  pages: PageReader,
  ref: PageRef | undefined,
  places: readonly Place[],
  found: (index: number, what: Found) => void,
): Promise<void> {
  if (ref) await findIn(pages, ref, places, 0, places.length, found);
  else places.forEach((_, index) => found(index, 'unknown'));
}

async function findIn(
  pages: PageReader,
  ref: PageRef,
  places: readonly Place[],
  from: number,
  to: number,
  found: (index: number, what: Found) => void,
): Promise<void> {
  const below = await pages.use(ref, (page) => {
    if (levelOf(page) > 0) return shares(page, places, from, to);
    for (let i = from; i < to; i++) found(i, keyAt(page, places[i] as Place));
    return [];
  });
  for (const share of below) {
    await findIn(pages, share.child, places, share.from, share.to, found);
    share.child.key.fill(0);
  }
}

function shares(page: Buffer, places: readonly Place[], from: number, to: number) {
  const parts: { child: PageRef; from: number; to: number }[] = [];
  let start = from;
  while (start < to) {
    const { child, nextLow } = childFor(page, places[start] as Place);
    let end = start + 1;
    while (end < to && (!nextLow || (places[end] as Place).compare(nextLow) < 0)) end++;
    parts.push({ child, from: start, to: end });
    start = end;
  }
  return parts;
}

export interface Rewritten {
  readonly top: PageRef | undefined;
  /** Keys more (or fewer) that live, and names more that are gone. */
  readonly keys: number;
  readonly gone: number;
}

/**
 * Writes sorted changes (a key made, or a place that is gone from now on) as new versions of the pages that they touch and of those
 * above; every version has a fresh key, so an old page opens by its old parents alone. What is gone stays gone; a key that lives stays.
 */
export async function rewrite(
  pages: PageWriter,
  top: PageRef | undefined,
  changes: readonly Entry[],
): Promise<Rewritten> {
  if (changes.length === 0) return { top, keys: 0, gone: 0 };
  const sum = { keys: 0, gone: 0 };
  let level = top ? await pages.use(top, levelOf) : 0;
  let refs = top ? await rewriteBelow(pages, top, changes, sum) : await writeLeaves(pages, LOWEST, [], changes, sum);
  while (refs.length > 1) refs = await writeParents(pages, LOWEST, ++level, refs);
  return { top: refs[0], ...sum };
}

type Sum = { keys: number; gone: number };

async function rewriteBelow(pages: PageWriter, ref: PageRef, changes: readonly Entry[], sum: Sum): Promise<PageRef[]> {
  const read = await pages.use(ref, (page) => {
    const level = levelOf(page);
    return level === 0 ? { level, entries: ownEntries(page) } : { level, children: childrenOf(page) };
  });
  const fresh = read.children
    ? await rewriteParent(pages, ref.low, read.level, read.children, changes, sum)
    : await writeLeaves(pages, ref.low, read.entries, changes, sum);
  pages.replaced(ref);
  return fresh;
}

async function rewriteParent(
  pages: PageWriter,
  low: Place,
  level: number,
  children: readonly PageRef[],
  changes: readonly Entry[],
  sum: Sum,
): Promise<PageRef[]> {
  const fresh: PageRef[] = [];
  let from = 0;
  for (const [index, child] of children.entries()) {
    const nextLow = children[index + 1]?.low;
    let to = from;
    while (to < changes.length && (!nextLow || (changes[to] as Entry).place.compare(nextLow) < 0)) to++;
    if (to === from) fresh.push(child);
    else {
      fresh.push(...(await rewriteBelow(pages, child, changes.slice(from, to), sum)));
      child.key.fill(0);
    }
    from = to;
  }
  return writeParents(pages, low, level, fresh);
}

async function writeParents(pages: PageWriter, low: Place, level: number, refs: readonly PageRef[]) {
  const parents = parentsOf(level, refs);
  for (const ref of refs) ref.key.fill(0);
  const fresh: PageRef[] = [];
  for (const [i, parent] of parents.entries()) fresh.push(await pages.write(i === 0 ? low : parent.low, parent.page));
  return fresh;
}

async function writeLeaves(
  pages: PageWriter,
  low: Place,
  before: readonly Entry[],
  changes: readonly Entry[],
  sum: Sum,
): Promise<PageRef[]> {
  const leaves = leavesOf(merged(before, changes, sum));
  for (const entry of before) entry.key?.fill(0);
  const fresh: PageRef[] = [];
  for (const [i, leaf] of leaves.entries()) fresh.push(await pages.write(i === 0 ? low : leaf.low, leaf.page));
  return fresh;
}

function merged(before: readonly Entry[], changes: readonly Entry[], sum: Sum): Entry[] {
  const after: Entry[] = [];
  let i = 0;
  for (const change of changes) {
    while (i < before.length && (before[i] as Entry).place.compare(change.place) < 0) after.push(before[i++] as Entry);
    const old = before[i]?.place.equals(change.place) ? before[i++] : undefined;
    const next = !old || (old.key && !change.key) ? change : old;
    if (next.key && !old) sum.keys++;
    if (!next.key && old?.key) sum.keys--;
    if (!next.key && (!old || old.key)) sum.gone++;
    after.push(next);
  }
  while (i < before.length) after.push(before[i++] as Entry);
  return after;
}

/** The leaf that a place belongs to: the lowest place of it, and that of the next leaf. */
export async function leafRange(
  pages: PageReader,
  top: PageRef | undefined,
  place: Place,
): Promise<{ low: Place; next: Place | undefined }> {
  let range: { low: Place; next: Place | undefined } = { low: LOWEST, next: undefined };
  let ref = top;
  while (ref) {
    const step = await pages.use(ref, (page) => (levelOf(page) > 0 ? childFor(page, place) : undefined));
    if (step) range = { low: step.child.low, next: step.nextLow ?? range.next };
    ref = step?.child;
  }
  return range;
}

/** Every leaf's entries in order, as copies that the caller overwrites. */
export async function* leaves(pages: PageReader, ref: PageRef | undefined): AsyncGenerator<Entry[]> {
  if (!ref) return;
  const read = await pages.use(ref, (page) =>
    levelOf(page) > 0 ? { children: childrenOf(page) } : { entries: ownEntries(page) },
  );
  if (read.entries) yield read.entries;
  for (const child of read.children ?? []) yield* leaves(pages, child);
}

/** The slots of all pages; opens only those above the leaves. */
export async function slotsOf(pages: PageReader, top: PageRef | undefined): Promise<Set<number>> {
  const slots = new Set<number>();
  const visit = async (ref: PageRef, level: number | undefined): Promise<void> => {
    slots.add(ref.slot);
    if (level === 0) return;
    const above = await pages.use(ref, (page) => ({
      level: levelOf(page),
      page: levelOf(page) ? childrenOf(page) : [],
    }));
    for (const child of above.page) await visit(child, above.level - 1);
  };
  if (top) await visit(top, undefined);
  return slots;
}

/** Entries in a copy of the page that the caller overwrites. */
function ownEntries(page: Buffer): Entry[] {
  const own = Buffer.alloc(page.length);
  page.copy(own);
  return entriesOf(own);
}

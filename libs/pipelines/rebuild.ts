import type { Ledger } from '#libs/ledger/port.ts';
import { cursorFrom, cursorText } from '#libs/topics/cursor.ts';
import { mappingsOf } from '#libs/topics/mapping/all.ts';
import { createMapper } from '#libs/topics/mapping/mapper.ts';
import type { Topics } from '#libs/topics/port.ts';
import type { Entry, NextGeneration, Source, Views } from '#libs/views/port.ts';
import { directoryMappings } from './directory/mappings.ts';
import { entryOf, PROJECTED, rawOf, rawOfMapped } from './projections/entry.ts';

export interface Rebuilding {
  readonly ledger: Pick<Ledger, 'readAll' | 'readStream' | 'head'>;
  readonly topics: Topics;
  readonly views: Views;
  /** Gives up when it aborts: the live view stays. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** Ledger positions: done, and the ledger's head when asked. */
export interface RebuildProgress {
  readonly done: bigint;
  readonly of: bigint;
  readonly parked: number;
}

const PAGE = 500;

/**
 * Builds the views anew beside the live ones and swaps them in. It reads the ledger through the topics' own mapping up to
 * where it then ends, and the topics from there on, and fires nothing: views are all it writes. Throws the signal's reason.
 */
export async function rebuildViews(rebuilding: Rebuilding): Promise<RebuildProgress> {
  const { ledger, views } = rebuilding;
  const next = await views.rebuild();
  try {
    let progress = await fromLedger(rebuilding, next);
    // The live view has moved on meanwhile; who waits for a position must not see it go back.
    do progress = await fromTopics(rebuilding, next, progress);
    while (progress.done < (await reachable(views, ledger)));
    await next.swap();
    return { ...progress, of: await ledger.head() };
  } catch (error) {
    await next.discard();
    throw error;
  }
}

/** Where the live view stands; unless it is ahead of a ledger that was restored since. */
async function reachable(views: Views, ledger: Rebuilding['ledger']): Promise<bigint> {
  const [position, head] = [await views.position(), await ledger.head()];
  return position < head ? position : head;
}

async function fromLedger(rebuilding: Rebuilding, next: NextGeneration): Promise<RebuildProgress> {
  const { ledger, topics } = rebuilding;
  const mapper = createMapper(ledger, [...mappingsOf(PROJECTED), ...directoryMappings]);
  const end = await ledger.head();
  return readUpTo(rebuilding, mapper.types, 0n, end, 0, async (page, passed) => {
    const entries = (await mapper.messages(page)).map((one) => entryOf(rawOfMapped(one)));
    const cursor = cursorText(await topics.cursorAt(PROJECTED, passed));
    const [ofTopics, ofLedger] = split(entries);
    return async () => {
      const parked = await moved(next, 'topics', ofTopics, { cursor, ledger: passed });
      return parked + (await moved(next, 'ledger', ofLedger, { cursor: passed.toString(), ledger: passed }));
    };
  });
}

/** From the topics up to where the ledger ends now, and as far from the ledger what is nobody's topic. */
async function fromTopics(
  rebuilding: Rebuilding,
  next: NextGeneration,
  before: RebuildProgress,
): Promise<RebuildProgress> {
  const { ledger, topics, signal } = rebuilding;
  const end = await ledger.head();
  const cursor = (await next.progress('topics'))?.cursor;
  const enough = new AbortController();
  let { parked } = before;
  if (before.done < end) {
    const after = cursor === undefined ? 'beginning' : cursorFrom(cursor);
    const until = AbortSignal.any([signal, enough.signal]);
    await topics.consume({ topics: PROJECTED, after, signal: until }, async (batch, passed) => {
      const to = { cursor: cursorText(passed.cursor), ledger: passed.ledger };
      parked += await moved(
        next,
        'topics',
        batch.map((one) => entryOf(rawOf(one))),
        to,
      );
      if (passed.ledger >= end) enough.abort();
    });
    signal.throwIfAborted();
  }
  const mapper = createMapper(ledger, directoryMappings);
  const start = (await next.progress('ledger'))?.ledger ?? 0n;
  return readUpTo(rebuilding, mapper.types, start, end, parked, async (page, passed) => {
    const entries = (await mapper.messages(page)).map((one) => entryOf(rawOfMapped(one)));
    return () => moved(next, 'ledger', entries, { cursor: passed.toString(), ledger: passed });
  });
}

type Page = Awaited<ReturnType<Ledger['readAll']>>['records'];

async function readUpTo(
  { ledger, signal, onProgress = () => {} }: Rebuilding,
  types: readonly string[],
  start: bigint,
  end: bigint,
  parkedBefore: number,
  onPage: (page: Page, passed: bigint) => Promise<() => Promise<number>>,
): Promise<RebuildProgress> {
  let done = start;
  let parked = parkedBefore;
  // While one page is written, in the writer's thread, the next is read and mapped here.
  let writing: Promise<void> = Promise.resolve();
  while (done < end) {
    signal.throwIfAborted();
    const page = await ledger.readAll({ after: done, limit: PAGE, types });
    // At the ledger's end, also where its last record was of another type or removed.
    const passed = page.next === done ? end : page.next;
    const write = await onPage(page.records, passed);
    await writing;
    writing = write().then((count) => {
      parked += count;
      onProgress({ done: passed, of: passed > end ? passed : end, parked });
    });
    // Looked at on the next turn; a rejection before that is not unhandled.
    writing.catch(() => undefined);
    done = passed;
  }
  await writing;
  return { done, of: end, parked };
}

async function moved(
  next: NextGeneration,
  source: Source,
  entries: readonly Entry[],
  to: { cursor: string; ledger: bigint },
): Promise<number> {
  const from = (await next.progress(source))?.cursor ?? null;
  return (await next.apply(entries, { source, from, to })).parked;
}

function split(entries: readonly Entry[]): readonly [topics: Entry[], ledger: Entry[]] {
  const ofTopics = new Set<string>(PROJECTED);
  const isOfTopics = ({ message }: Entry): boolean => ofTopics.has(message.topic);
  return [entries.filter(isOfTopics), entries.filter((one) => !isOfTopics(one))];
}

import type { Ledger } from '#libs/ledger/port.ts';
import { cursorFrom, cursorText } from '#libs/topics/cursor.ts';
import { TooOld, TopicsClosed } from '#libs/topics/errors.ts';
import { createMapper } from '#libs/topics/mapping/mapper.ts';
import type { Topics } from '#libs/topics/port.ts';
import { ViewClosed, ViewDamaged, ViewMoved } from '#libs/views/errors.ts';
import type { Entry, Progress, Source, ViewWriter } from '#libs/views/port.ts';
import { directoryMappings } from './directory/mappings.ts';
import type { PipelineMetrics } from './metrics.ts';
import { persist } from '#libs/runtime/persist.ts';
import { entryOf, PROJECTED, rawOf, rawOfMapped } from './projections/entry.ts';

export interface Projecting {
  readonly ledger: Pick<Ledger, 'subscribe' | 'readStream' | 'head'>;
  readonly topics: Topics;
  readonly views: ViewWriter;
  readonly signal: AbortSignal;
  readonly metrics: PipelineMetrics;
  readonly firstMs?: number;
}

/**
 * Builds the views from topics, and from the ledger what is nobody's topic. Rows, parked messages and position are one
 * commit, so a restart goes on where it was. Runs until the signal aborts; throws `TooOld` or `ViewDamaged` where only a rebuild helps.
 */
export async function project(projecting: Projecting): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([projecting.signal, failed.signal]);
  const both = { ...projecting, signal };
  const ends = [projectTopics(both), projectLedger(both)].map((end) =>
    end.catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const first = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
  if (first !== undefined) throw first.reason;
}

const gaveUp = (error: unknown): boolean =>
  [TooOld, TopicsClosed, ViewClosed, ViewDamaged].some((kind) => error instanceof kind);

function projectTopics({ ledger, topics, views, ...rest }: Projecting): Promise<void> {
  const { signal, metrics } = rest;
  return persist({ ...rest, name: 'projector', gaveUp }, async (gotOn) => {
    const take = await taking(views, 'topics');
    const after = take.from === undefined ? 'beginning' : cursorFrom(take.from.cursor);
    await untilMoved(
      topics.consume({ topics: PROJECTED, after, signal }, async (batch, passed) => {
        const to = { cursor: cursorText(passed.cursor), ledger: passed.ledger };
        const parked = await take.next(
          batch.map((one) => entryOf(rawOf(one))),
          to,
        );
        gotOn();
        if (parked > 0) metrics.parked('projector', parked);
        metrics.lag('projector', Number((await ledger.head()) - passed.ledger));
      }),
    );
  });
}

function projectLedger({ ledger, views, topics: _topics, ...rest }: Projecting): Promise<void> {
  const { signal, metrics } = rest;
  return persist({ ...rest, name: 'directory', gaveUp }, async (gotOn) => {
    const take = await taking(views, 'ledger');
    const mapper = createMapper(ledger, directoryMappings);
    const after = take.from?.ledger ?? 0n;
    // Ahead of the ledger: it was restored since, and what the view knows of its future never was.
    if (after > (await ledger.head())) throw new TooOld(['the ledger']);
    await untilMoved(
      ledger.subscribe({ after, types: mapper.types, signal }, async (records, passed) => {
        const entries = (await mapper.messages(records)).map((one) => entryOf(rawOfMapped(one)));
        const parked = await take.next(entries, { cursor: passed.toString(), ledger: passed });
        gotOn();
        if (parked > 0) metrics.parked('directory', parked);
        metrics.lag('directory', Number((await ledger.head()) - passed));
      }),
    );
  });
}

interface Taking {
  readonly from: Progress | undefined;
  next(entries: readonly Entry[], to: Progress): Promise<number>;
}

async function taking(views: ViewWriter, source: Source): Promise<Taking> {
  const from = await views.progress(source);
  let cursor = from?.cursor ?? null;
  return {
    from,
    next: async (entries, to) => {
      if (entries.length === 0 && to.cursor === cursor) return 0;
      const { parked } = await views.apply(entries, { source, from: cursor, to });
      cursor = to.cursor;
      return parked;
    },
  };
}

/** A rebuilt view has been swapped in: at once again, from where that one stands. */
async function untilMoved(consuming: Promise<void>): Promise<void> {
  try {
    await consuming;
  } catch (error) {
    if (!(error instanceof ViewMoved)) throw error;
  }
}

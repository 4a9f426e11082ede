import { setTimeout } from 'node:timers/promises';
import { partitionName } from './cursor.ts';
import { TooOld } from './errors.ts';
import type { Cursor, Passed, Topic, TopicMessage, Topics } from './port.ts';
import { beatFrame, messageFrame, passedFrame, tooOldFrame } from './sse-frame.ts';

export interface Streaming {
  readonly topics: Topics;
  readonly follow: readonly Topic[];
  /** From the header `Last-Event-ID` by `cursorFrom`. */
  readonly after: Cursor | 'beginning';
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /** Something is sent at least so often (15 s), so that both ends notice a dead connection. */
  readonly beatMs?: number;
  /** Who takes nothing for so long (60 s) is cut off and comes back: removals from the ledger wait for those who listen. */
  readonly stalledMs?: number;
}

type Handed = { readonly frames: readonly string[]; readonly taken: () => void };

/**
 * Topics as the body of a `text/event-stream`, frame by frame. The next batch is made once the frames of the last are taken:
 * a slow reader slows its own stream and fills no memory (`Readable.from` and `pipe` do the rest).
 */
export async function* sseFrames(streaming: Streaming): AsyncGenerator<string, void, void> {
  const { topics, follow, after, beatMs = 15_000, stalledMs = 60_000 } = streaming;
  const ended = new AbortController();
  const signal = AbortSignal.any([streaming.signal, ended.signal]);
  const queue = handOver();
  let before: Cursor = after === 'beginning' ? { since: 0n, done: {} } : after;
  let told = performance.now();

  async function onMessages(batch: readonly TopicMessage[], passed: Passed): Promise<void> {
    const frames = framesOf(batch, before, passed);
    before = passed.cursor;
    if (frames.length === 0) {
      if (performance.now() - told < beatMs) return;
      frames.push(passedFrame(passed.cursor));
    }
    told = performance.now();
    await queue.give(frames, stalledMs, signal);
  }

  const consuming = topics.consume({ topics: follow, after, signal }, onMessages).then(
    () => 'over' as const,
    (error: unknown) => (error instanceof TooOld ? ('too-old' as const) : Promise.reject(asError(error))),
  );
  // Looked at below; a rejection before that is not unhandled.
  consuming.catch(() => undefined);
  try {
    for (;;) {
      const next = await firstOf(queue.take(), consuming, beatMs, signal);
      if (next === 'over') return;
      if (next === 'too-old') return yield tooOldFrame;
      if (next === 'beat') yield beatFrame;
      else {
        yield* next.frames;
        next.taken();
      }
    }
  } finally {
    ended.abort();
  }
}

/** After each message its own cursor, so that a cut between two loses and repeats nothing; after the last, the batch's. */
function framesOf(batch: readonly TopicMessage[], before: Cursor, passed: Passed): string[] {
  const { since } = passed.cursor;
  let { done } = before;
  return batch.map((message, index) => {
    done = { ...done, [partitionName(message.topic, message.partition)]: message.position };
    return messageFrame(message, index === batch.length - 1 ? passed.cursor : { since, done });
  });
}

async function firstOf<T>(
  next: Promise<Handed>,
  consuming: Promise<T>,
  beatMs: number,
  signal: AbortSignal,
): Promise<Handed | T | 'beat'> {
  const enough = new AbortController();
  const timer = AbortSignal.any([signal, enough.signal]);
  const beat = setTimeout(beatMs, 'beat' as const, { signal: timer }).catch(() => new Promise<never>(() => {}));
  try {
    return await Promise.race([next, consuming, beat]);
  } finally {
    enough.abort();
  }
}

/** One batch at a time, from who makes it to who sends it. */
function handOver() {
  let waiting: ((handed: Handed) => void) | undefined;
  let ready: Handed | undefined;
  let asked: Promise<Handed> | undefined;

  return {
    give: async (frames: readonly string[], withinMs: number, signal: AbortSignal): Promise<void> => {
      const taken = new Promise<void>((resolve) => {
        ready = { frames, taken: resolve };
      });
      waiting?.(ready!);
      const enough = new AbortController();
      const late = setTimeout(withinMs, true, { signal: AbortSignal.any([signal, enough.signal]) }).catch(() => false);
      const stalled = await Promise.race([taken.then(() => false), late]);
      enough.abort();
      if (stalled) throw new Stalled();
    },
    take: (): Promise<Handed> => {
      asked ??= new Promise<Handed>((resolve) => {
        const hand = (handed: Handed): void => {
          waiting = undefined;
          ready = undefined;
          asked = undefined;
          resolve(handed);
        };
        if (ready === undefined) waiting = hand;
        else hand(ready);
      });
      return asked;
    },
  };
}

/** Whoever it was took nothing for too long. */
export class Stalled extends Error {
  constructor() {
    super('the subscriber takes nothing');
    this.name = 'Stalled';
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error('consuming failed'));

import { setTimeout as pause } from 'node:timers/promises';
import type { Owner } from '#libs/identity/contact-index.ts';
import { clearOf } from '#libs/event-codec/codec.ts';
import { follow } from '#libs/ledger/follow.ts';
import { persist } from '#libs/runtime/persist.ts';
import { chargeBacks } from './charge-backs.ts';
import { sweepClaims } from './claims.ts';
import type { ClockStatus, ClockWatch } from './clock-watch.ts';
import type { WorkflowDeps } from './deps.ts';
import { DUE_TYPES, dueKey, streamOfKey, takeDue, whyOfKey } from './due-of-record.ts';
import { DueQueue } from './due-queue.ts';
import { handle } from './handlers.ts';
import { Later } from './later.ts';
import type { WorkflowMetrics } from './metrics.ts';
import { UnderWay } from './under-way.ts';

export interface SchedulerOptions {
  readonly deps: WorkflowDeps;
  readonly watch: ClockWatch;
  readonly metrics: WorkflowMetrics;
  /** How often an idle scheduler looks, in milliseconds of real time. */
  readonly everyMs?: number;
  /** How often claims are swept and the card network is asked for news. */
  readonly choresEveryMs?: number;
  /** Called with the chores: signs a head where the log has grown. */
  readonly signHead?: () => Promise<unknown>;
}

/** Work that time or events set off. Running two of them, or one twice, changes nothing. */
export interface Scheduler {
  /** Runs until the signal aborts; then what is under way is ended first. Rejects only where the ledger is damaged or closed. */
  run(signal: AbortSignal): Promise<void>;
  /** Once everything that was in the ledger when it was asked has been looked at: what is due now is done, or waits for something else. */
  settled(): Promise<void>;
  /** Told by the contact feed: these hold a number that somebody else has verified since. */
  moved(losers: readonly Owner[]): void;
  status(): ClockStatus & { readonly waiting: number };
  /** An admin has looked at the clock: expiry goes on. */
  confirmClock(): void;
}

const AT_ONCE = 64;
const STREAMS_AT_ONCE = 16;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
const FOLLOWED = [...DUE_TYPES, 'ChargedBack'];

export function scheduler(options: SchedulerOptions): Scheduler {
  const { deps, watch, metrics, everyMs = 500, choresEveryMs = 5_000 } = options;
  const due = new DueQueue();
  /** Apart, so that the sweep can stand still while everything else goes on. */
  const expiries = new DueQueue();
  const underWay = new UnderWay();
  const news = chargeBacks(deps);
  const failures = new Map<string, number>();
  const queueOf = (why: string): DueQueue => (why === 'expiry' ? expiries : due);
  const both = splitting(queueOf);
  let passed = 0n;
  let caughtUp = false;
  let busy = false;
  let wake: () => void = () => {};
  const now = (): number => deps.clock.now().getTime();

  async function feed(signal: AbortSignal): Promise<void> {
    const head = await deps.ledger.head();
    caughtUp = head === 0n;
    const following = { name: 'scheduler', ledger: deps.ledger, types: FOLLOWED, after: 0n, signal, metrics };
    await follow(following, async (records, upTo) => {
      for (const record of records) {
        if (record.type === 'ChargedBack') news.known(clearOf(record)['dispute'] as string);
        underWay.take(record);
        takeDue(both, record, now());
      }
      passed = upTo;
      caughtUp ||= upTo >= head;
      if (records.length > 0) wake();
    });
  }

  /** One batch of what is due, each stream's in order, several streams at once. Answers how much it was. */
  async function batch(): Promise<number> {
    if (!caughtUp) return 0;
    const believed = watch.look();
    const keys = [...due.take(now(), AT_ONCE), ...(believed ? expiries.take(now(), AT_ONCE) : [])];
    const streams = [...Map.groupBy(keys, streamOfKey)];
    for (let from = 0; from < streams.length; from += STREAMS_AT_ONCE) {
      const some = streams.slice(from, from + STREAMS_AT_ONCE);
      await Promise.all(
        some.map(async ([stream, of]) => {
          for (const key of of) await look(stream, whyOfKey(key));
        }),
      );
    }
    tellMetrics(believed);
    return keys.length;
  }

  async function look(stream: string, why: string): Promise<void> {
    const key = dueKey(stream, why);
    try {
      const again = await handle(deps, stream, why);
      failures.delete(key);
      // What came in meanwhile may have set it sooner.
      if (again !== undefined) queueOf(why).setSooner(key, again);
      metrics.done(why.split('/')[0]!);
    } catch (error) {
      queueOf(why).setSooner(key, now() + retryAfter(key, error));
      if (!(error instanceof Later)) metrics.failed(why.split('/')[0]!, error);
    }
  }

  function retryAfter(key: string, error: unknown): number {
    if (error instanceof Later) return error.afterMs;
    const tries = failures.get(key) ?? 0;
    failures.set(key, tries + 1);
    return Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS);
  }

  function tellMetrics(believed: boolean): void {
    metrics.oldestOpen(underWay.oldestSeconds(now()));
    metrics.overdueErasures(underWay.overdue(now()));
    metrics.waiting(due.size + expiries.size);
    metrics.clockStopped(!believed);
  }

  async function work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      busy = true;
      const did = await batch().finally(() => (busy = false));
      if (did === 0) await idle(signal);
    }
  }

  async function idle(signal: AbortSignal): Promise<void> {
    const waking = new AbortController();
    wake = () => waking.abort();
    await pause(everyMs, undefined, { signal: AbortSignal.any([signal, waking.signal]) }).catch(() => undefined);
    wake = () => {};
  }

  async function chores(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      while (caughtUp && !signal.aborted && (await sweepClaims(deps)));
      if (caughtUp) await news.poll();
      await options.signHead?.();
      await pause(choresEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    run: async (signal) => {
      const failed = new AbortController();
      const until = AbortSignal.any([signal, failed.signal]);
      const loops = [
        feed(until),
        persist({ name: 'due', signal: until, metrics }, (gotOn) => work(until).then(gotOn)),
        persist({ name: 'chores', signal: until, metrics }, (gotOn) => chores(until).then(gotOn)),
      ];
      const ends = loops.map((loop) =>
        loop.catch((error: unknown) => {
          failed.abort();
          throw error;
        }),
      );
      const first = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
      if (first !== undefined) throw first.reason;
    },
    settled: async () => {
      const head = await deps.ledger.head();
      while (passed < head || !caughtUp || busy || (due.nextAt() ?? Infinity) <= now()) await pause(5);
    },
    moved: (losers) => {
      for (const { oneId, ref } of losers) due.set(dueKey(`oneId-${oneId}`, `moved/${ref}`), now());
      wake();
    },
    status: () => ({ ...watch.status(), waiting: due.size + expiries.size }),
    confirmClock: () => {
      watch.confirm();
      wake();
    },
  };
}

/** One queue to who fills it, two to who empties it. */
function splitting(queueOf: (why: string) => DueQueue): Pick<DueQueue, 'set' | 'drop' | 'has'> {
  const of = (key: string): DueQueue => queueOf(whyOfKey(key));
  return {
    set: (key, at) => of(key).set(key, at),
    drop: (key) => of(key).drop(key),
    has: (key) => of(key).has(key),
  };
}

/** What is remembered of the clock over a restart. ISO times. */
export interface ClockSeen {
  readonly at: string;
  /** Since when the expiry sweep stands still because of a jump; missing while it goes on. */
  readonly stoppedAt?: string;
}

/** Where it is remembered: a small file, or memory in a test. */
export interface ClockMemory {
  load(): ClockSeen | undefined;
  save(seen: ClockSeen): void;
}

export interface ClockStatus {
  /** Whether the sweep stands still until an admin has said that the clock is right. */
  readonly stopped: boolean;
  readonly stoppedAt?: string;
  /** By how much the clock was off when it was noticed, in milliseconds: forward positive. */
  readonly jumpMs?: number;
}

export interface ClockWatch {
  /** Compares the wall clock with a monotonic one. Answers whether it may be believed. */
  look(): boolean;
  /** An admin has looked at the clock: it is right. */
  confirm(): void;
  status(): ClockStatus;
}

export interface ClockWatchOptions {
  readonly now: () => Date;
  readonly memory: ClockMemory;
  /** Monotonic milliseconds. */
  readonly elapsed?: () => number;
  /** More than this apart within a run is a jump: far above what a time service corrects. */
  readonly toleranceMs?: number;
  /** So long may the process have been off without anybody being asked. */
  readonly longestOffMs?: number;
}

const TOLERANCE_MS = 10 * 60_000;
const LONGEST_OFF_MS = 14 * 86_400_000;
const REMEMBER_EVERY_MS = 60_000;

/**
 * Nobody loses a One ID because a clock was wrong: one that jumps, forward or back, while the process runs or while it was
 * off, stops the expiry sweep, over restarts, until an admin confirms it.
 */
export function watchClock(options: ClockWatchOptions): ClockWatch {
  const { now, memory, elapsed = () => performance.now() } = options;
  const { toleranceMs = TOLERANCE_MS, longestOffMs = LONGEST_OFF_MS } = options;
  const seen = memory.load();
  let stoppedAt = seen?.stoppedAt;
  let jumpMs: number | undefined;
  let last = { wall: now().getTime(), mono: elapsed() };
  let savedAt = Number.NEGATIVE_INFINITY;

  function remember(): void {
    const at = new Date(last.wall).toISOString();
    memory.save(stoppedAt === undefined ? { at } : { at, stoppedAt });
    savedAt = last.mono;
  }
  function stop(offBy: number): void {
    jumpMs = offBy;
    stoppedAt ??= new Date(last.wall).toISOString();
    remember();
  }
  const off = seen === undefined ? 0 : last.wall - Date.parse(seen.at);
  if (off > longestOffMs || off < -toleranceMs) stop(off);

  return {
    look: () => {
      const next = { wall: now().getTime(), mono: elapsed() };
      const offBy = next.wall - last.wall - (next.mono - last.mono);
      last = next;
      if (Math.abs(offBy) > toleranceMs) stop(offBy);
      else if (next.mono - savedAt > REMEMBER_EVERY_MS) remember();
      return stoppedAt === undefined;
    },
    confirm: () => {
      last = { wall: now().getTime(), mono: elapsed() };
      stoppedAt = undefined;
      jumpMs = undefined;
      remember();
    },
    status: () => ({
      stopped: stoppedAt !== undefined,
      ...(stoppedAt === undefined ? {} : { stoppedAt }),
      ...(jumpMs === undefined ? {} : { jumpMs }),
    }),
  };
}

import type { Clock } from '#libs/runtime/clock.ts';

/** Counts wrong tries; a try is counted before it is looked at, so that many at once win nothing. */
export interface Tries {
  /** False: no more, for now. */
  readonly take: (who: string) => boolean;
  /** It was right: the wrong ones before it are forgiven. */
  readonly forgive: (who: string) => void;
}

export function newTries(clock: Clock, most: number, windowMs: number): Tries {
  const taken = new Map<string, { count: number; until: number }>();
  const sweep = (now: number): void => {
    for (const [who, { until }] of taken) if (until <= now) taken.delete(who);
  };
  return {
    take: (who) => {
      const now = clock.now().getTime();
      if (taken.size > 10_000) sweep(now);
      const before = taken.get(who);
      if (before === undefined || before.until <= now) {
        taken.set(who, { count: 1, until: now + windowMs });
        return true;
      }
      if (before.count >= most) return false;
      before.count++;
      return true;
    },
    forgive: (who) => {
      taken.delete(who);
    },
  };
}

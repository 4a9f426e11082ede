import type { Clock } from '#libs/runtime/clock.ts';

/** What is remembered for a while: dropped when its time is over, or when it no longer may be known. */
export interface ShortLived<Value> {
  readonly put: (key: string, value: Value) => void;
  readonly get: (key: string) => Value | undefined;
  readonly dropWhere: (gone: (value: Value) => boolean) => void;
  readonly size: () => number;
}

/** All live equally long, so the oldest stand first and sweeping looks at the expired alone. */
export function newShortLived<Value>(clock: Clock, lifeMs: number): ShortLived<Value> {
  const held = new Map<string, { readonly value: Value; readonly until: number }>();
  const sweep = (now: number): void => {
    for (const [key, { until }] of held) {
      if (until > now) return;
      held.delete(key);
    }
  };
  return {
    put: (key, value) => {
      const now = clock.now().getTime();
      sweep(now);
      held.delete(key);
      held.set(key, { value, until: now + lifeMs });
    },
    get: (key) => {
      const found = held.get(key);
      return found !== undefined && found.until > clock.now().getTime() ? found.value : undefined;
    },
    dropWhere: (gone) => {
      for (const [key, { value }] of held) if (gone(value)) held.delete(key);
    },
    size: () => held.size,
  };
}

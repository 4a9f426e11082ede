import { NotNow, type ZoneReadiness } from '../port.ts';

/** Whether the index knows what the ledger knows. */
export interface Freshness {
  readonly passed: (position: bigint, atEnd: boolean) => void;
  readonly close: () => void;
  /** Throws `NotNow` on any doubt. */
  readonly demand: () => void;
  readonly state: () => Pick<ZoneReadiness, 'ready' | 'why' | 'position'>;
}

/** `elapsed`: monotonic milliseconds, which no change of the wall clock moves. */
export function newFreshness(
  staleAfterMs: number,
  failed: () => boolean,
  elapsed: () => number = () => performance.now(),
): Freshness {
  let position = 0n;
  let atEndAt: number | undefined;
  let closed = false;

  const why = (): Exclude<ZoneReadiness['why'], undefined> | undefined => {
    if (closed) return 'closed';
    if (failed()) return 'failed';
    if (atEndAt === undefined) return 'loading';
    return elapsed() - atEndAt > staleAfterMs ? 'stale' : undefined;
  };
  return {
    passed: (reached, atEnd) => {
      if (reached > position) position = reached;
      if (atEnd) atEndAt = elapsed();
    },
    close: () => {
      closed = true;
    },
    demand: () => {
      const doubt = why();
      if (doubt !== undefined) throw new NotNow(doubt);
    },
    state: () => {
      const doubt = why();
      return { ready: doubt === undefined, ...(doubt === undefined ? {} : { why: doubt }), position };
    },
  };
}

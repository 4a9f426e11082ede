import { persist } from '#libs/runtime/persist.ts';
import { LedgerClosed, LedgerDamaged } from './errors.ts';
import type { Ledger, OnRecords } from './port.ts';

export interface FollowMetrics {
  /** How many ledger positions a follower is behind the ledger's head. */
  lag(follower: string, positions: number): void;
  /** It failed and will try again. The error names no person. */
  failed(follower: string, error: unknown): void;
}

export interface Following {
  readonly name: string;
  readonly ledger: Pick<Ledger, 'subscribe' | 'head'>;
  readonly types: readonly string[];
  /** Exclusive; asked for again each time the loop has failed, where it lasts. */
  readonly after: bigint;
  readonly signal: AbortSignal;
  readonly metrics: FollowMetrics;
  readonly firstMs?: number;
}

/**
 * Hands out the ledger's records of these types in order, each at least once, until the signal aborts. Where the handler
 * fails, the same records come again after a pause: nothing is passed over. Throws only where the ledger is damaged or closed.
 */
export async function follow(following: Following, onRecords: OnRecords): Promise<void> {
  const { name, ledger, types, signal, metrics } = following;
  let after = following.after;
  const gaveUp = (error: unknown): boolean => error instanceof LedgerDamaged || error instanceof LedgerClosed;
  await persist({ ...following, gaveUp }, (gotOn) =>
    ledger.subscribe({ after, types, signal }, async (records, passed) => {
      await onRecords(records, passed);
      after = passed;
      gotOn();
      metrics.lag(name, Number((await ledger.head()) - passed));
    }),
  );
}

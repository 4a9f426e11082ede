import { setTimeout } from 'node:timers/promises';

export interface Persisting {
  readonly name: string;
  readonly signal: AbortSignal;
  /** Hears that it failed and will try again. The error names no person. */
  readonly metrics: { failed(name: string, error: unknown): void };
  /** Milliseconds before the first new try, and the most between two. */
  readonly firstMs?: number;
  readonly mostMs?: number;
  /** Errors that no new try heals: they end the loop. */
  readonly gaveUp?: (error: unknown) => boolean;
}

const FIRST_MS = 50;
const MOST_MS = 5_000;

/**
 * Runs a loop until the signal aborts, and begins it again when it fails, each time waiting longer until it gets on.
 * `run` is told how to say that it got on.
 */
export async function persist(persisting: Persisting, run: (gotOn: () => void) => Promise<void>): Promise<void> {
  const { name, signal, metrics, firstMs = FIRST_MS, mostMs = MOST_MS, gaveUp = () => false } = persisting;
  let wait = firstMs;
  while (!signal.aborted) {
    try {
      await run(() => (wait = firstMs));
    } catch (error) {
      if (signal.aborted) return;
      if (gaveUp(error)) throw error;
      metrics.failed(name, error);
      await setTimeout(wait, undefined, { signal }).catch(() => undefined);
      wait = Math.min(wait * 2, mostMs);
    }
  }
}

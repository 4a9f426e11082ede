import type { Outbox } from './port.ts';

export interface Delivery {
  /** Something was enqueued: deliver now rather than at the next round. */
  nudge(): void;
  /** Resolves when no round is under way. */
  stop(): Promise<void>;
}

/** Delivers again and again, one round at a time. `failed` hears of a round that broke (the store, not a single message). */
export function deliverInBackground(
  outbox: Pick<Outbox, 'deliver'>,
  { everyMs = 500, failed }: { readonly everyMs?: number; readonly failed: (error: unknown) => void },
): Delivery {
  let stopped = false;
  let again = false;
  let round: Promise<void> | undefined;

  async function deliver(): Promise<void> {
    do {
      again = false;
      try {
        await outbox.deliver();
      } catch (error) {
        failed(error);
      }
    } while (again && !stopped);
    round = undefined;
  }

  function nudge(): void {
    if (stopped) return;
    if (round === undefined) round = deliver();
    else again = true;
  }

  const timer = setInterval(nudge, everyMs).unref();
  return {
    nudge,
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await round;
    },
  };
}

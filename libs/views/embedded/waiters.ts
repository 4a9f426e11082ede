/** Who waits for a position. */
export interface Waiters {
  wait(position: bigint, withinMs: number): Promise<'reached' | 'late'>;
  reached(position: bigint): void;
  close(): void;
}

interface Waiter {
  readonly position: bigint;
  readonly done: (result: 'reached' | 'late') => void;
}

export function createWaiters(): Waiters {
  const waiting = new Set<Waiter>();
  return {
    wait: (position, withinMs) =>
      new Promise((resolve) => {
        const waiter: Waiter = { position, done: finish };
        const timer = setTimeout(() => finish('late'), withinMs);
        function finish(result: 'reached' | 'late'): void {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve(result);
        }
        waiting.add(waiter);
      }),
    reached: (position) => {
      for (const waiter of [...waiting]) if (waiter.position <= position) waiter.done('reached');
    },
    close: () => {
      for (const waiter of [...waiting]) waiter.done('late');
    },
  };
}

import type { FollowMetrics } from '#libs/ledger/follow.ts';

/** What workflows tell about themselves; an app hands in one that ends in its gauges and counters. */
export interface WorkflowMetrics extends FollowMetrics {
  /** Seconds since the oldest open transaction (payment, visit, check) began; 0 where none is open. */
  oldestOpen(seconds: number): void;
  /** Erasures that are not certified though their day has passed. */
  overdueErasures(count: number): void;
  /** What waits in the queues. */
  waiting(count: number): void;
  /** The expiry sweep stands still until an admin has confirmed the clock. */
  clockStopped(stopped: boolean): void;
  /** Something due was done: `kind` is a fixed word. */
  done(kind: string): void;
}

export const noMetrics: WorkflowMetrics = {
  lag: () => {},
  failed: () => {},
  oldestOpen: () => {},
  overdueErasures: () => {},
  waiting: () => {},
  clockStopped: () => {},
  done: () => {},
};

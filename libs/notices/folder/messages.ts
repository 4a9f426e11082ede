/** A waiting message as the store knows it: nothing of it can be read without the keys. */
export interface WaitingNotice {
  /** SHA-256 of the notice's id. */
  readonly id: string;
  readonly sealed: Uint8Array;
  readonly attempts: number;
}

export type OutboxJob =
  | { readonly do: 'enqueue'; readonly id: string; readonly sealed: Uint8Array; readonly at: number }
  | { readonly do: 'due'; readonly at: number; readonly after: number; readonly limit: number; readonly all: boolean }
  | { readonly do: 'later'; readonly id: string; readonly due: number }
  /** Removed, overwritten, and remembered as over. */
  | { readonly do: 'end'; readonly ids: readonly string[]; readonly at: number }
  | { readonly do: 'state'; readonly id: string }
  | { readonly do: 'count' };

export type OutboxResult =
  | { readonly enqueued: boolean }
  | { readonly waiting: readonly (WaitingNotice & { readonly row: number })[] }
  | { readonly ended: readonly string[] }
  | { readonly state: 'waiting' | 'over' | 'unknown' }
  | { readonly count: number }
  | undefined;

import type { Hand } from '#libs/domain/values.ts';
import type { ModelShape } from './entry.ts';
import type { MatchingRefusal } from './refused.ts';
import type { IndexStatus, Put, Searched } from './signature-index.ts';

/** A signature on its way to the worker: one buffer, handed over, vector first. The worker overwrites it when done. */
export interface Packed {
  readonly modelVersion: string;
  readonly bytes: ArrayBuffer;
  readonly dimensions: number;
}

export interface PackedEntry {
  readonly oneId: string;
  readonly palm: string;
  readonly hand: Hand;
  readonly signature: Packed;
}

/** What changes the index, one at a time and in order; searches pass between two of them. */
export type Change =
  | { readonly do: 'put'; readonly entries: readonly PackedEntry[]; readonly epoch: number }
  | { readonly do: 'remove'; readonly oneId: string; readonly palm: string }
  | { readonly do: 'removeOneId'; readonly oneId: string }
  | { readonly do: 'clearedTo'; readonly epoch: number }
  | { readonly do: 'status' };

export interface Search {
  readonly do: 'search';
  readonly probe: Packed;
  readonly excludeOneId?: string;
}

export interface Asked<What> {
  readonly id: number;
  readonly ask: What;
}

export type Answered =
  | {
      readonly id: number;
      readonly ok: Put[] | boolean | number | null | IndexStatus | Searched;
      readonly palms: number;
    }
  | { readonly id: number; readonly refused: MatchingRefusal }
  /** Something that should not happen; its name only. */
  | { readonly id: number; readonly failed: string };

export interface WorkerStart {
  readonly shapes: readonly ModelShape[];
  /** Searches come by a port of their own, so that they never wait behind a queue of changes. */
  readonly searches: MessagePort;
}

import type { ActorKind } from '#libs/domain/values.ts';

/** A record on its way to the writer: its sealed part lies in the message's one buffer, after those before it. */
export interface PackedRecord {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly actor: ActorKind;
  readonly clear: string;
  readonly sealedBytes: number;
}

export interface AppendJob {
  readonly kind: 'append';
  readonly number: number;
  readonly stream: string;
  /** -1: the stream must not exist. */
  readonly expected: number;
  readonly keepUntil: string | undefined;
  readonly records: readonly PackedRecord[];
  /** Where the job's sealed parts begin in the message's buffer. */
  readonly sealedAt: number;
}
export interface SaveSnapshotJob {
  readonly kind: 'save snapshot';
  readonly number: number;
  readonly stream: string;
  readonly fold: string;
  readonly revision: number;
  readonly state: string;
}
export interface PruneJob {
  readonly kind: 'prune';
  readonly number: number;
  readonly stream: string;
}
export interface SweepJob {
  readonly kind: 'sweep';
  readonly number: number;
  readonly now: string;
  readonly limit: number;
}
export interface CloseJob {
  readonly kind: 'close';
  readonly number: number;
}
export type Job = AppendJob | SaveSnapshotJob | PruneJob | SweepJob | CloseJob;

/** Jobs that came together, with one buffer (transferred, not copied) for all their sealed parts. */
export interface JobsMessage {
  readonly jobs: readonly Job[];
  readonly sealed: Uint8Array;
}

export type Failure =
  | { readonly kind: 'wrong revision'; readonly actual: number }
  | { readonly kind: 'pruned' }
  | { readonly kind: 'full' }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'damaged'; readonly position: number | undefined; readonly what: string }
  | { readonly kind: 'failed'; readonly what: string };

export interface Answer {
  readonly number: number;
  /** Revision and position of an append; the count of a prune or sweep. */
  readonly revision?: number;
  readonly position?: number;
  readonly count?: number;
  readonly failure?: Failure;
}

export type FromWriter =
  | { readonly kind: 'open'; readonly head: number }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[]; readonly head: number }
  | { readonly kind: 'fatal'; readonly what: string };

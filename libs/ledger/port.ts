import type { ActorKind } from '#libs/domain/values.ts';

/** What is appended. `clear` is canonical JSON (RFC 8785) of the clear fields; `sealed` may be empty. */
export interface NewRecord {
  /** UUID in lower case. */
  readonly id: string;
  readonly type: string;
  /** From 1 on. */
  readonly version: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly recordedAt: string;
  readonly actor: ActorKind;
  readonly clear: string;
  readonly sealed: Uint8Array;
}

/** What is read: checked against its leaf hash, or not served at all. */
export interface StoredRecord extends NewRecord {
  readonly stream: string;
  /** From 0n on, without gaps. */
  readonly revision: bigint;
  /** Rising over the whole ledger, with gaps. In a short-lived stream: the ledger's last position when it was appended. */
  readonly position: bigint;
  /** RFC 9162 leaf hash, 32 bytes (see leaf.ts). */
  readonly leaf: Uint8Array;
}

/** The revision that a stream must have: its last one, or `none` where it must not exist. */
export type ExpectedRevision = bigint | 'none';

/** Where an append ended. On a repeat: where the first one did. */
export interface Appended {
  readonly revision: bigint;
  readonly position: bigint;
}

export interface AppendOptions {
  /** ISO time. Makes a new stream short-lived: outside the evidence and readAll, removed after this time. Later appends keep the first one's time. */
  readonly keepUntil?: string;
}

export interface ReadStreamOptions {
  /** Inclusive; without it the first revision, or the last one when read backwards. */
  readonly from?: bigint;
  readonly backwards?: boolean;
  /** Only records up to this position, inclusive: the stream as of then. */
  readonly upTo?: bigint;
  /** At most this many (500 by default and at most 1,000). */
  readonly limit?: number;
}

export interface ReadAllOptions {
  /** Exclusive; 0n is the beginning. */
  readonly after: bigint;
  readonly limit: number;
  readonly types?: readonly string[];
}

export interface LedgerPage {
  readonly records: StoredRecord[];
  /** Everything up to here was considered: go on from it, also where nothing matched. Equal to `after` at the end. */
  readonly next: bigint;
}

export interface SubscribeOptions {
  /** Exclusive; 0n is the beginning. */
  readonly after: bigint;
  readonly types?: readonly string[];
  /** Ends the subscription; its promise then resolves once the running `onRecords` has. */
  readonly signal: AbortSignal;
}

/** The next records, and the position that is passed once they are dealt with. No next call before this one's promise is fulfilled. */
export type OnRecords = (records: StoredRecord[], passed: bigint) => Promise<void>;

export interface Snapshot {
  readonly revision: bigint;
  readonly state: string;
}

/** A cache of folded clear state, one a stream: saving under another `fold` (name and version) replaces it. Never holds sealed parts. */
export interface Snapshots {
  load(stream: string, fold: string): Promise<Snapshot | undefined>;
  save(stream: string, fold: string, revision: bigint, state: string): Promise<void>;
}

/**
 * The append-only log. It promises the least that all its adapters have: no append without an expected revision,
 * none to several streams at once, no positions without gaps. Errors: errors.ts.
 */
export interface Ledger {
  /**
   * Durable before it answers. Throws `WrongExpectedRevision`, `RecordTooLarge` (clear and sealed parts of one append together over 1 MiB),
   * `RecordRefused`, `StreamPruned`, `StorageFull` (nothing was written), `OutcomeUnknown` (repeat it as it was).
   * Repeating an append (same stream, ids in order, expected revision) answers as the first time and writes nothing.
   * Without records it is the check alone; the revision of a stream that does not exist is -1n.
   */
  append(
    stream: string,
    expected: ExpectedRevision,
    records: readonly NewRecord[],
    options?: AppendOptions,
  ): Promise<Appended>;
  /** A bounded page; the end is an empty one, and only that (see readWhole in read-whole.ts). A missing or pruned stream is empty. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<StoredRecord[]>;
  /** A bounded page of the whole ledger but for short-lived streams; the end is where `next` equals `after`. */
  readAll(options: ReadAllOptions): Promise<LedgerPage>;
  /**
   * What is there, then what comes, without gap or repeat. `passed` moves also where nothing matches.
   * Rejects with what `onRecords` or the ledger throws; then subscribe again from the last position dealt with.
   */
  subscribe(options: SubscribeOptions, onRecords: OnRecords): Promise<void>;
  /** The last position; 0n when empty. */
  head(): Promise<bigint>;
  readonly snapshots: Snapshots;
  /** Removes a stream's records and snapshot for good; leaf hashes stay, and the stream takes nothing more. Repeated, it answers as the first time. Throws `RemovalUnfinished`: then repeat it. */
  prune(stream: string): Promise<{ records: number }>;
  /** The records of the streams that `sweepShortLived` would remove with the same arguments: for whoever destroys their keys before. */
  dueShortLived(now: string, limit: number): Promise<StoredRecord[]>;
  /** The records of short-lived streams that still stand, ordered by the stream's name: of the first `limit` streams after one (exclusive). */
  readShortLived(options: { readonly after?: string; readonly limit: number }): Promise<StoredRecord[]>;
  /** Removes short-lived streams whose time is over at `now` (ISO), at most `limit` (500) of them, oldest first. */
  sweepShortLived(now: string, limit?: number): Promise<{ streams: number }>;
  close(): Promise<void>;
}

export interface Leaf {
  /** From 0n on, without gaps. */
  readonly index: bigint;
  readonly position: bigint;
  readonly hash: Uint8Array;
}

/** The ledger's leaf hashes in its order: what the evidence is a tree over. Pruned records' stay. */
export interface LeafLog {
  size(): Promise<bigint>;
  /** A bounded page from an index on; the end is an empty one. */
  leaves(from: bigint, limit: number): Promise<Leaf[]>;
  /** Where a record stands in the tree; undefined where it is not there, pruned, or in a short-lived stream. */
  leafIndexOf(stream: string, id: string): Promise<bigint | undefined>;
  /** How many leaves have no record any more. */
  prunedCount(): Promise<bigint>;
  /** Their indexes, rising, from one on; a bounded page, the end is an empty one. */
  prunedLeaves(from: bigint, limit: number): Promise<bigint[]>;
}

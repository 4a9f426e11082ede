/** What other services subscribe to. docs/subscribers.md says what each is for. */
export const TOPICS = ['one-ids', 'one-id-changes', 'purchases', 'visits', 'devices', 'merchants', 'erasures'] as const;
export type Topic = (typeof TOPICS)[number];

/** Keeps the latest message of each key; a message without value (a tombstone) ends the key. The others keep by time. */
export const COMPACTED: readonly Topic[] = ['one-ids', 'devices', 'merchants'];

/** CloudEvents 1.0 attributes, all text. */
export interface Attributes {
  readonly specversion: '1.0';
  /** Of the event that caused the message: the same however often the message comes. */
  readonly id: string;
  readonly source: string;
  /** With the version of its form: `palmledger.purchases.captured.v1`. */
  readonly type: string;
  readonly subject: string;
  /** When the event was recorded: ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly datacontenttype: 'application/protobuf';
  readonly partitionkey: string;
  /** The event's position in the ledger, decimal: rises for each key, with gaps. What has a lower one than seen is a repeat. */
  readonly sequence: string;
}

export interface TopicMessage {
  readonly topic: Topic;
  readonly key: string;
  readonly partition: number;
  /** Within topic and partition: rising, with gaps. */
  readonly position: bigint;
  readonly attributes: Attributes;
  /** Protobuf (proto/palmledger/topics/v1), or null for a tombstone. */
  readonly value: Uint8Array | null;
}

/** How far a consumer has come. Kept by the consumer, together with what it made of the messages. */
export interface Cursor {
  /** The ledger position at which this consumer began with nothing: what went before then it never held. */
  readonly since: bigint;
  /** By `<topic>/<partition>`: the last position that is done. A partition that is missing begins at its start. */
  readonly done: Readonly<Record<string, bigint>>;
}

/** Where a batch leads: once it is done, go on from `cursor`. */
export interface Passed {
  readonly cursor: Cursor;
  /** Every event of the wished topics up to this ledger position has been handed out. */
  readonly ledger: bigint;
}

export interface Consuming {
  readonly topics: readonly Topic[];
  readonly after: Cursor | 'beginning';
  readonly signal: AbortSignal;
}

/**
 * The next batch waits until the promise resolves (back pressure); one that rejects ends the consuming with its reason.
 * A batch may be empty: then only time has passed, and `passed` tells how far.
 */
export type OnMessages = (batch: readonly TopicMessage[], passed: Passed) => Promise<void>;

/**
 * Promised: the messages of a key in order; each at least once; a position per partition; `TooOld` where something between
 * the cursor and now is no longer to be had. Not promised: order across keys; each state in between on a compacted topic.
 */
export interface Topics {
  /** Hands out what comes after the cursor, then what is new, until the signal aborts or the topics close (then it resolves). Throws `TooOld`. */
  consume(consuming: Consuming, onMessages: OnMessages): Promise<void>;

  /** The last position of each partition of a topic, for who asks how far behind a consumer is. */
  positions(topic: Topic): Promise<ReadonlyMap<number, bigint>>;

  /** A cursor from which nothing after this ledger position is missed; it may hand out some from before once more. */
  cursorAt(topics: readonly Topic[], ledger: bigint): Promise<Cursor>;

  /**
   * The ledger position up to which everything is published and each open consumer has taken it. A stream is removed from
   * the ledger only once this has passed its last event, so that nobody who listens misses a tombstone.
   */
  passed(): Promise<bigint>;

  close(): Promise<void>;
}

import type { StoredRecord } from '#libs/ledger/port.ts';
import type { AnyFolded, StreamFold } from './fold.ts';

/** `change` becomes part of the message's type; a null value is a tombstone. */
export interface Made {
  readonly change: string;
  readonly value: Uint8Array | null;
}

export interface Step<State> {
  readonly key: string;
  readonly before: State;
  readonly after: State;
  readonly event: AnyFolded;
  readonly record: StoredRecord;
}

/** How the events of one kind of stream become the messages of one topic: at most one each. */
export interface TopicMapping<State> {
  readonly topic: string;
  readonly fold: StreamFold<State>;
  readonly message: (step: Step<State>) => Made | undefined;
  /** What a stream that was removed while it was read has become; nothing unless named. */
  readonly removed?: Made;
}

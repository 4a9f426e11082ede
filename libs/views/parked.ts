import type { Page, Paging } from './port.ts';

/** A message as it came. `topic` is also one of the ledger's own (`principals`, `subscribers`, `checks`). */
export interface RawMessage {
  readonly topic: string;
  readonly key: string;
  /** Of the event. */
  readonly id: string;
  readonly type: string;
  readonly sequence: bigint;
  readonly time: string;
  readonly value: Uint8Array | null;
}

/** Put aside: the one that could not be taken, with its reason, and those of its key that follow it (`follows`). */
export interface Parked {
  /** Of the parked message: `<topic>:<event id>`. */
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly message: RawMessage;
}

export interface ParkedView {
  get(id: string): Promise<Parked | undefined>;
  list(query: { readonly topic?: string } & Paging): Promise<Page<Parked>>;
  /** In order, the stopped one first. */
  ofKey(query: { readonly topic: string; readonly key: string } & Paging): Promise<Page<Parked>>;
}

export const parkedId = (message: Pick<RawMessage, 'topic' | 'id'>): string => `${message.topic}:${message.id}`;

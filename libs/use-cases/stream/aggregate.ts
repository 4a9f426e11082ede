import type { Decider } from '#libs/domain/decider.ts';
import type { DomainEvent } from '#libs/domain/event.ts';

/** A decider with what the ledger needs to know of it. States are plain JSON, so that a snapshot can hold one. */
export interface Aggregate<State, Command extends { readonly at: string }, Event extends DomainEvent> {
  /** Its streams are named `<kind>-<id>`. */
  readonly kind: string;
  /** Changes whenever the fold does: snapshots of another version are dropped. */
  readonly foldVersion: number;
  readonly decider: Decider<State, Command, Event>;
}

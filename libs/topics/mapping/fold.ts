import type { Folded } from '#libs/domain/event.ts';

/** An event as any fold takes it; each fold names its own union. */
export type AnyFolded = Folded<{ type: string; clear: object }>;

/** What the messages of a stream rest on, folded from its clear fields up to each event. */
export interface StreamFold<State> {
  /** Its streams are named `<kind>-<id>`; the id is the messages' key. */
  readonly kind: string;
  /** Every event that changes the state or makes a message. */
  readonly types: readonly string[];
  /**
   * These are all the types that such a stream may have. Then one in between that is not listed, from a newer build perhaps,
   * shows by its missing revision, and makes the next event unreadable rather than go unnoticed.
   */
  readonly whole?: true;
  readonly initialState: State;
  readonly evolve: (state: State, event: AnyFolded) => State;
  /**
   * Events so frequent that a history is not read for their sake: such a one changes something only where, going back, `after`
   * comes before any of `settledBy`.
   */
  readonly frequent?: {
    readonly types: readonly string[];
    readonly after: string;
    readonly settledBy: readonly string[];
  };
}

/** Folds of domain types take their own unions; the types listed are what makes this safe. */
export function foldBy<State, Event extends { readonly type: string }>(
  evolve: (state: State, event: Event) => State,
): StreamFold<State>['evolve'] {
  return evolve as unknown as StreamFold<State>['evolve'];
}

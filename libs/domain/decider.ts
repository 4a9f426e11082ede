import type { DomainEvent, Folded } from './event.ts';

/** A consistency boundary: how its past folds into a state, and what a command makes of that state. */
export interface Decider<State, Command extends { readonly at: string }, Event extends DomainEvent> {
  readonly initialState: State;
  readonly evolve: (state: State, event: Folded<Event>) => State;
  /** The new events; none where the command has been done already. Throws `Refused` where a rule forbids it. */
  readonly decide: (command: Command, state: State) => readonly Event[];
}

export function fold<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  events: Iterable<Folded<Event>>,
  from: State = decider.initialState,
): State {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}

/** A new event as the fold will see it once it is recorded. */
export function recorded<Event extends DomainEvent>(event: Event, at: string): Folded<Event> {
  return { type: event.type, clear: event.clear, at } as unknown as Folded<Event>;
}

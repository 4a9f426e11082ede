import { expect } from '@jest/globals';
import { fold, recorded } from '#libs/domain/decider.ts';
import type { Decider } from '#libs/domain/decider.ts';
import type { DomainEvent } from '#libs/domain/event.ts';
import { Refused } from '#libs/domain/refused.ts';

export interface Lived<State, Event> {
  readonly state: State;
  readonly events: readonly Event[];
  /** After each command, refused or not. */
  readonly states: readonly State[];
}

/**
 * Lets an aggregate live through any commands, refused ones included, and holds it to what every decider promises:
 * a command repeated at once decides nothing, and the state is what its recorded clear fields fold to.
 */
export function live<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  commands: readonly Command[],
): Lived<State, Event> {
  let state = decider.initialState;
  const events: { event: Event; at: string }[] = [];
  const states: State[] = [];
  for (const command of commands) {
    const decided = decideOrRefuse(decider, command, state);
    if (decided) {
      for (const event of decided) events.push({ event, at: command.at });
      state = decided.reduce((before, event) => decider.evolve(before, recorded(event, command.at)), state);
      expect(decider.decide(command, state)).toEqual([]);
    }
    states.push(state);
  }
  expect(
    fold(
      decider,
      events.map(({ event, at }) => recorded(withoutSealed(event), at)),
    ),
  ).toEqual(state);
  return { state, states, events: events.map(({ event }) => event) };
}

function decideOrRefuse<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  command: Command,
  state: State,
): readonly Event[] | undefined {
  try {
    return decider.decide(command, state);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** As a fold meets an event whose key is gone. */
function withoutSealed<Event extends DomainEvent>({ sealed: _gone, ...event }: Event): Event {
  return event as unknown as Event;
}

import { expect } from '@jest/globals';
import { fold, recorded } from '#libs/domain/decider.ts';
import type { Decider } from '#libs/domain/decider.ts';
import type { DomainEvent, Folded } from '#libs/domain/event.ts';
import { Refused } from '#libs/domain/refused.ts';

/** When a past event was recorded, where a test does not say. */
export const longAgo = '2026-01-01T00:00:00.000Z';

/** A past event with the moment at which it was recorded. */
export interface At<Event extends DomainEvent> {
  readonly event: Event;
  readonly at: string;
}

export function at<Event extends DomainEvent>(moment: string, event: Event): At<Event> {
  return { event, at: moment };
}

export interface When<State, Command, Event> {
  readonly state: State;
  when(command: Command): Then<Event>;
}

export interface Then<Event> {
  /** Decides these events: clear parts and, where named, sealed ones. */
  then(...events: readonly Event[]): void;
  thenNothing(): void;
  thenRefused(code: string): void;
}

/** A business rule as a sentence: given what happened, when this is asked, then that follows. */
export function given<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  ...past: readonly (Event | At<Event>)[]
): When<State, Command, Event> {
  const state = fold(decider, past.map(foldedOf<Event>));
  return { state, when: (command) => thenOf(() => decider.decide(command, state)) };
}

function foldedOf<Event extends DomainEvent>(one: Event | At<Event>): Folded<Event> {
  return 'event' in one ? recorded(one.event, one.at) : recorded(one, longAgo);
}

function thenOf<Event>(decided: () => readonly Event[]): Then<Event> {
  return {
    then: (...events) => {
      const actual = decided();
      expect(actual).toMatchObject([...events] as object[]);
      expect(actual).toHaveLength(events.length);
    },
    thenNothing: () => {
      expect(decided()).toEqual([]);
    },
    thenRefused: (code) => {
      expect(refusalOf(decided)).toBe(code);
    },
  };
}

/** The code of the refusal, so that a failing test shows which rule spoke instead. */
export function refusalOf(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  return 'not refused';
}

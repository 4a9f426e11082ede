import { recorded } from '#libs/domain/decider.ts';
import type { DomainEvent } from '#libs/domain/event.ts';
import { encode, type Writing } from '#libs/event-codec/codec.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { OutcomeUnknown, WrongExpectedRevision } from '#libs/ledger/errors.ts';
import type { Ledger, NewRecord } from '#libs/ledger/port.ts';
import type { Aggregate } from './aggregate.ts';
import { load, type Loaded } from './load.ts';

const TRIES = 50;
const REPEATS_OF_UNKNOWN = 5;

export interface Decided<State, Event> extends Loaded<State> {
  /** What this call added; empty where the command had been done before. */
  readonly events: readonly Event[];
}

/** A command, several as one step, or what makes them of the state as it is at each try. */
export type Asked<State, Command> = Command | readonly Command[] | ((state: State) => Command | readonly Command[]);
export type Stores = { readonly ledger: Ledger; readonly keyring: Pick<Keyring, 'seal'> };
export type Who = Omit<Writing, 'at'>;

/**
 * Loads a stream, lets the domain decide, seals and appends: the only way into the ledger.
 * Where somebody else appended meanwhile it loads and decides again; an append of unknown outcome is repeated as it was.
 * Throws the domain's `Refused`, or the ledger's error once its tries are used up.
 */
export async function decideOn<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  stores: Stores,
  aggregate: Aggregate<State, Command, Event>,
  stream: string,
  command: Asked<State, Command>,
  who: Who,
): Promise<Decided<State, Event>> {
  for (let attempt = 1; ; attempt += 1) {
    const loaded = await load(stores.ledger, aggregate, stream);
    const asked = typeof command === 'function' ? command(loaded.state) : command;
    const commands = Array.isArray(asked) ? (asked as readonly Command[]) : [asked as Command];
    const { events, state } = decideAll(aggregate, commands, loaded.state);
    if (events.length === 0) return { ...loaded, events };
    const at = commands.at(-1)!.at;
    const records = await encode(stores.keyring, stream, events, { ...who, at });
    try {
      const appended = await appendKnown(stores.ledger, stream, loaded.revision, records);
      return { ...loaded, ...appended, state, events };
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision) || attempt >= TRIES) throw error;
    }
  }
}

/** Several commands are one step: each is decided on what the one before left, and all their events are appended together. */
function decideAll<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  { decider }: Aggregate<State, Command, Event>,
  commands: readonly Command[],
  before: State,
): { events: Event[]; state: State } {
  const events: Event[] = [];
  let state = before;
  for (const command of commands) {
    const decided = decider.decide(command, state);
    state = decided.reduce((from, event) => decider.evolve(from, recorded(event, command.at)), state);
    events.push(...decided);
  }
  return { events, state };
}

/** An append whose answer was lost is asked again with the same ids at the same revision, which writes it once. */
export async function appendKnown(
  ledger: Ledger,
  stream: string,
  expected: bigint | 'none',
  records: readonly NewRecord[],
  options: { readonly keepUntil?: string } = {},
): Promise<{ revision: bigint; position: bigint }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ledger.append(stream, expected, records, options);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown) || attempt >= REPEATS_OF_UNKNOWN) throw error;
    }
  }
}

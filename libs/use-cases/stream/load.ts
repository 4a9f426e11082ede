import type { DomainEvent } from '#libs/domain/event.ts';
import { clearOf, foldedOf, itemOf } from '#libs/event-codec/codec.ts';
import type { Ledger, Snapshot, StoredRecord } from '#libs/ledger/port.ts';
import { readWhole } from '#libs/ledger/read-whole.ts';
import type { Aggregate } from './aggregate.ts';

/** A snapshot is worth its write once this many events were folded since the last. */
const SNAPSHOT_EVERY = 100;

export interface Loaded<State> {
  readonly state: State;
  /** `none` where the stream does not exist. */
  readonly revision: bigint | 'none';
  /** Of the last event that was folded; 0 where the stream does not exist. */
  readonly position: bigint;
  /** The revision at which each sealed item (palm, card, phone, link, credential, dispute) was first written, by its reference, and each open transaction. */
  readonly places: Places;
}

export type Places = Readonly<Record<string, string>>;

/** A stream's state by its clear fields: from the newest snapshot of this fold, then page by page. */
export async function load<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  ledger: Ledger,
  aggregate: Aggregate<State, Command, Event>,
  stream: string,
): Promise<Loaded<State>> {
  const fold = `${aggregate.kind}/${aggregate.foldVersion}`;
  const snapshot = await ledger.snapshots.load(stream, fold);
  const start = snapshot === undefined ? nothing(aggregate) : thawed<State>(snapshot);
  const from = start.revision === 'none' ? 0n : start.revision + 1n;
  let loaded = start;
  let folded = 0;
  for await (const record of readWhole(ledger, stream, { from })) {
    loaded = withRecord(aggregate, loaded, record);
    folded += 1;
  }
  if (folded >= SNAPSHOT_EVERY && loaded.revision !== 'none') {
    await ledger.snapshots.save(stream, fold, loaded.revision, frozen(loaded));
  }
  return loaded;
}

/** State as of a position of the ledger; for replays, so without snapshots. */
export async function loadAsOf<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  ledger: Ledger,
  aggregate: Aggregate<State, Command, Event>,
  stream: string,
  upTo: bigint,
): Promise<Loaded<State>> {
  let loaded = nothing(aggregate);
  for await (const record of readWhole(ledger, stream, { upTo })) loaded = withRecord(aggregate, loaded, record);
  return loaded;
}

function nothing<State>(aggregate: { readonly decider: { readonly initialState: State } }): Loaded<State> {
  return { state: aggregate.decider.initialState, revision: 'none', position: 0n, places: {} };
}

function withRecord<State, Command extends { readonly at: string }, Event extends DomainEvent>(
  aggregate: Aggregate<State, Command, Event>,
  before: Loaded<State>,
  record: StoredRecord,
): Loaded<State> {
  const { revision, position } = record;
  const state = aggregate.decider.evolve(before.state, foldedOf<Event>(record));
  return { state, revision, position, places: withPlace(before.places, record) };
}

/** Where an item was first sealed, forgotten once its key is; where an open transaction began, forgotten once it ends. */
function withPlace(places: Places, record: StoredRecord): Places {
  const clear = clearOf(record);
  if (record.type === 'KeyDestroyed') return without(places, clear['scope'] as string);
  if (record.type === 'TransactionClosed') return without(places, transactionPlace(clear['number'] as number));
  const item = record.type === 'TransactionOpened' ? transactionPlace(clear['number'] as number) : itemOf(record);
  return item === undefined || item in places ? places : { ...places, [item]: record.revision.toString() };
}

export function transactionPlace(number: number): string {
  return `transaction/${number}`;
}

function without(places: Places, item: string): Places {
  const { [item]: _gone, ...left } = places;
  return left;
}

function frozen<State>({ state, position, places }: Loaded<State>): string {
  return JSON.stringify({ state, position: position.toString(), places });
}

function thawed<State>(snapshot: Snapshot): Loaded<State> {
  const { state, position, places } = JSON.parse(snapshot.state) as { state: State; position: string; places: Places };
  return { state, places, revision: snapshot.revision, position: BigInt(position) };
}

import { LRUCache } from 'lru-cache';
import { foldedOf } from '#libs/event-codec/codec.ts';
import { UnknownEvent } from '#libs/event-codec/errors.ts';
import { fieldsOf, kindOf } from '#libs/event-codec/tables/all.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import type { AnyMapping } from './all.ts';
import type { StreamFold } from './fold.ts';
import { isSettled, stateBefore, type Before } from './state-before.ts';
import type { Made } from './topic-mapping.ts';

/** A message before it has a place on a topic. */
export interface MappedMessage {
  readonly topic: string;
  readonly key: string;
  /** Of the event. */
  readonly id: string;
  /** `palmledger.<topic>.<change>.v1`. */
  readonly type: string;
  readonly time: string;
  /** The event's position in the ledger. */
  readonly sequence: bigint;
  readonly value: Uint8Array | null;
}

export interface Mapper {
  /** What to read from the ledger: everything that the mappings fold. */
  readonly types: readonly string[];
  /** Records of these types, in ledger order from where this mapper began, none left out. */
  messages(records: readonly StoredRecord[]): Promise<MappedMessage[]>;
}

/** An event that this build cannot read still comes as a message, of this change: it stops its key rather than vanish. */
export const UNREADABLE = 'unreadable';
const STREAMS_REMEMBERED = 20_000;

/**
 * Ledger records as messages. It remembers the states of the streams that it met last; a stream that it does not remember
 * is folded anew. One mapper serves one reader, since it folds on from record to record.
 */
export function createMapper(ledger: Pick<Ledger, 'readStream'>, mappings: readonly AnyMapping[]): Mapper {
  const states = new LRUCache<string, Before>({ max: STREAMS_REMEMBERED });
  const byKind = Map.groupBy(mappings, ({ fold }) => fold.kind);
  const types = [...new Set(mappings.flatMap(({ fold }) => fold.types))];

  async function map(record: StoredRecord): Promise<MappedMessage[]> {
    const wanted = byKind.get(kindOf(record.stream));
    const fold = wanted?.[0]?.fold;
    if (wanted === undefined || fold === undefined || !fold.types.includes(record.type)) return [];
    const known = states.get(record.stream);
    if (known === undefined && (await isSettled(ledger, fold, record))) return [];
    const before = known ?? (await stateBefore(ledger, fold, record));
    if (before === 'removed') return wanted.flatMap(({ topic, removed }) => messageOf(record, topic, removed));
    return step(record, fold, wanted, before);
  }

  function step(
    record: StoredRecord,
    fold: StreamFold<unknown>,
    wanted: readonly AnyMapping[],
    { state: before, revision: last }: Before,
  ): MappedMessage[] {
    const key = keyOf(record.stream);
    const { revision } = record;
    try {
      if (fold.whole === true && revision !== last + 1n) throw new UnknownEvent('before this one', 0);
      fieldsOf(record.stream, record.type, record.version);
      const event = foldedOf(record);
      const after = fold.evolve(before, event);
      states.set(record.stream, { state: after, revision });
      return wanted.flatMap(({ topic, message }) =>
        messageOf(record, topic, message({ key, before, after, event, record })),
      );
    } catch (error) {
      if (!(error instanceof UnknownEvent || error instanceof TypeError || error instanceof RangeError)) throw error;
      states.set(record.stream, { state: before, revision });
      return wanted.flatMap(({ topic }) => messageOf(record, topic, { change: UNREADABLE, value: new Uint8Array() }));
    }
  }

  return {
    types,
    messages: async (records) => {
      const messages: MappedMessage[] = [];
      for (const record of records) messages.push(...(await map(record)));
      return messages;
    },
  };
}

const keyOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

function messageOf(record: StoredRecord, topic: string, made: Made | undefined): MappedMessage[] {
  if (made === undefined) return [];
  const { id, recordedAt: time, position: sequence, stream } = record;
  return [
    { topic, key: keyOf(stream), id, type: `palmledger.${topic}.${made.change}.v1`, time, sequence, value: made.value },
  ];
}

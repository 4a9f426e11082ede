import type { Ledger } from '#libs/ledger/port.ts';
import { attributesOf } from '../attributes.ts';
import { TooOld } from '../errors.ts';
import { mappingsOf } from '../mapping/all.ts';
import { createMapper, type MappedMessage } from '../mapping/mapper.ts';
import { partitionName } from '../cursor.ts';
import type { Consuming, Cursor, OnMessages, Topic, TopicMessage, Topics } from '../port.ts';
import { advanced, greater, lowest, partitionNames, partitionOf } from './partitions.ts';
import { mayPrecede, nameOneIds, REMOVED, removedSince } from './removals.ts';

export interface EmbeddedTopics {
  readonly ledger: Pick<Ledger, 'readAll' | 'readStream' | 'subscribe' | 'head'>;
  /** A URI reference that names this ledger in every message. */
  readonly source: string;
  /** 1 unless a test wants to see that nobody relies on it. */
  readonly partitions?: number;
}

/** Who listens to topics that name One IDs: a removal from the ledger waits for them. */
interface Listener {
  passed: bigint;
}

/**
 * Topics without a broker: a mapping over the ledger, computed as it is read; nothing is stored. Positions are the ledger's.
 * A compacted topic shows every state in between; who begins anew sees nothing of those that were erased.
 */
export function createEmbeddedTopics({ ledger, source, partitions = 1 }: EmbeddedTopics): Topics {
  const listeners = new Set<Listener>();
  const closing = new AbortController();

  async function consume(consuming: Consuming, onMessages: OnMessages): Promise<void> {
    const { topics, after } = consuming;
    const signal = AbortSignal.any([consuming.signal, closing.signal]);
    if (topics.length === 0 || signal.aborted) return;
    const names = partitionNames(topics, partitions);
    let cursor: Cursor = after === 'beginning' ? { since: 0n, done: {} } : after;
    const listener: Listener = { passed: lowest(names, cursor.done) };
    if (nameOneIds(topics)) listeners.add(listener);
    try {
      // From here on removals wait for this listener; what was removed before now is what it may have missed.
      const registered = await ledger.head();
      if (after === 'beginning') cursor = { since: registered, done: {} };
      else await requireWhole(topics, after, registered);
      const mapper = createMapper(ledger, mappingsOf(topics));
      const types = nameOneIds(topics) ? [...mapper.types, REMOVED] : mapper.types;
      await ledger.subscribe({ after: listener.passed, types, signal }, async (records, passed) => {
        for (const record of records) {
          if (record.type !== REMOVED || after === 'beginning' || !nameOneIds(topics)) continue;
          if (await mayPrecede(ledger, record, registered)) throw new TooOld(topics);
        }
        const { done } = cursor;
        const batch = (await mapper.messages(records)).map(placed).filter((one) => isNew(one, done));
        const next = { since: cursor.since, done: advanced(names, done, passed) };
        await onMessages(batch, { cursor: next, ledger: passed });
        cursor = next;
        listener.passed = passed;
      });
    } finally {
      listeners.delete(listener);
    }
  }

  /** A cursor ahead of the ledger comes from one that was since restored: what it has seen never was. */
  async function requireWhole(topics: readonly Topic[], cursor: Cursor, head: bigint): Promise<void> {
    const names = partitionNames(topics, partitions);
    if (names.some((name) => (cursor.done[name] ?? 0n) > head)) throw new TooOld(topics);
    if (!nameOneIds(topics)) return;
    const ofOneIds = partitionNames(
      topics.filter((topic) => nameOneIds([topic])),
      partitions,
    );
    if (await removedSince(ledger, greater(cursor.since, lowest(ofOneIds, cursor.done)))) throw new TooOld(topics);
  }

  function placed(message: MappedMessage): TopicMessage {
    const { key, sequence: position, value } = message;
    const topic = message.topic as Topic;
    const partition = partitionOf(key, partitions);
    return { topic, key, partition, position, attributes: attributesOf(message, source), value };
  }

  return {
    consume,
    positions: async () => {
      const head = await ledger.head();
      return new Map(Array.from({ length: partitions }, (_, index) => [index, head]));
    },
    cursorAt: async (topics, position) => {
      return { since: position, done: advanced(partitionNames(topics, partitions), {}, position) };
    },
    passed: async () => {
      const head = await ledger.head();
      return [...listeners].reduce((low, { passed }) => (passed < low ? passed : low), head);
    },
    close: async () => closing.abort(),
  };
}

function isNew({ topic, partition, position }: TopicMessage, done: Cursor['done']): boolean {
  return position > (done[partitionName(topic, partition)] ?? 0n);
}

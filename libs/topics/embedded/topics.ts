import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { attributesOf } from '../attributes.ts';
import { TooOld, TopicsClosed } from '../errors.ts';
import { mappingsOf } from '../mapping/all.ts';
import { createMapper, type MappedMessage } from '../mapping/mapper.ts';
import { partitionName } from '../cursor.ts';
import type { Consuming, Cursor, OnMessages, Topic, TopicMessage, Topics } from '../port.ts';
import { advanced, greater, lowest, partitionNames, partitionOf } from './partitions.ts';
import { nameOneIds, noneMissed, REMOVED, removalUnderWay, removedSince } from './removals.ts';

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
  let granted: bigint | undefined;

  async function consume(consuming: Consuming, onMessages: OnMessages): Promise<void> {
    const { topics, after } = consuming;
    if (closing.signal.aborted) throw new TopicsClosed();
    const signal = AbortSignal.any([consuming.signal, closing.signal]);
    if (topics.length === 0 || signal.aborted) return;
    const names = partitionNames(topics, partitions);
    let { done } = after === 'beginning' ? { done: {} } : after;
    const listener: Listener = { passed: lowest(names, done) };
    const ofOneIds = nameOneIds(topics);
    if (ofOneIds) listeners.add(listener);
    try {
      // From here on removals wait for this listener; what was removed before now is what it may have missed.
      const grantedBefore = await grantedSoFar();
      const registered = await ledger.head();
      const since = after === 'beginning' ? registered : after.since;
      const missed = after === 'beginning' ? noneMissed : await missedBy(topics, after, registered, grantedBefore);
      const mapper = createMapper(ledger, mappingsOf(topics));
      const types = ofOneIds ? [...mapper.types, REMOVED] : mapper.types;
      await ledger.subscribe({ after: listener.passed, types, signal }, async (records, passed) => {
        if (await missed(records)) throw new TooOld(topics);
        const before = done;
        const batch = (await mapper.messages(records)).map(placed).filter((one) => isNew(one, before));
        const next = advanced(names, before, passed);
        await onMessages(batch, { cursor: { since, done: next }, ledger: passed });
        done = next;
        listener.passed = passed;
      });
    } finally {
      listeners.delete(listener);
    }
  }

  /** Throws `TooOld`, or answers what will tell of a removal that was under way when this consumer came. */
  async function missedBy(topics: readonly Topic[], cursor: Cursor, registered: bigint, grantedBefore: bigint) {
    const names = partitionNames(topics, partitions);
    // A cursor ahead of the ledger comes from one that was restored since: what it has seen never was.
    if (cursor.since > registered || names.some((name) => (cursor.done[name] ?? 0n) > registered))
      throw new TooOld(topics);
    const named = topics.filter((topic) => nameOneIds([topic]));
    if (named.length === 0) return noneMissed;
    const floor = greater(cursor.since, lowest(partitionNames(named, partitions), cursor.done));
    if (await removedSince(ledger, floor)) throw new TooOld(topics);
    // Whatever is being removed now has its tombstone at or before what was granted: this consumer has seen it.
    if (floor >= grantedBefore) return noneMissed;
    return (records: readonly StoredRecord[]) => removalUnderWay(ledger, records, registered);
  }

  /** Up to where removals may have been let through: at first, by a process before this one, all of the ledger. */
  async function grantedSoFar(): Promise<bigint> {
    granted ??= await ledger.head();
    return granted;
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
      const before = await grantedSoFar();
      const head = await ledger.head();
      const passed = [...listeners].reduce((low, listener) => (listener.passed < low ? listener.passed : low), head);
      granted = greater(before, passed);
      return passed;
    },
    close: async () => closing.abort(),
  };
}

function isNew({ topic, partition, position }: TopicMessage, done: Cursor['done']): boolean {
  return position > (done[partitionName(topic, partition)] ?? 0n);
}

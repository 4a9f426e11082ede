import type { MappedMessage } from '#libs/topics/mapping/mapper.ts';
import type { Topic, TopicMessage } from '#libs/topics/port.ts';
import type { RawMessage } from '#libs/views/parked.ts';
import type { Entry } from '#libs/views/port.ts';
import { deviceProjection } from './device.ts';
import { checkProjection, principalProjection, subscriberProjection } from './directory.ts';
import { erasureProjection } from './erasure.ts';
import { merchantProjection } from './merchant.ts';
import type { Projection } from './projection.ts';
import { purchaseProjection } from './purchase.ts';
import { Unreadable } from './unreadable.ts';
import { visitProjection } from './visit.ts';

/** The topics that views are made of. No view is made of those that name One IDs. */
export const PROJECTED = [
  'purchases',
  'visits',
  'devices',
  'merchants',
  'erasures',
] as const satisfies readonly Topic[];

const projections: Readonly<Partial<Record<string, Projection>>> = {
  purchases: purchaseProjection,
  visits: visitProjection,
  devices: deviceProjection,
  merchants: merchantProjection,
  erasures: erasureProjection,
  principals: principalProjection,
  subscribers: subscriberProjection,
  checks: checkProjection,
};

const TYPE = /^palmledger\.([a-z-]+)\.([a-z-]+)\.v(\d+)$/;

/** What a message does to the views, or why it is quarantined. */
export function entryOf(message: RawMessage): Entry {
  const [, topic, change, version] = TYPE.exec(message.type) ?? [];
  const projection = projections[message.topic];
  if (projection === undefined || topic !== message.topic) return { message, poison: 'unknown topic' };
  if (version !== '1' || !projection.changes.includes(change ?? ''))
    return { message, poison: 'unknown type or version' };
  if (message.value === null) return { message, poison: 'a tombstone where none is known' };
  try {
    return { message, changes: projection.project(message, message.value) };
  } catch (error) {
    return { message, poison: error instanceof Unreadable ? error.message : 'cannot be decoded' };
  }
}

export function rawOf({ topic, key, attributes, value }: TopicMessage): RawMessage {
  const { id, type, time, sequence } = attributes;
  return { topic, key, id, type, time, sequence: BigInt(sequence), value };
}

export function rawOfMapped({ topic, key, id, type, time, sequence, value }: MappedMessage): RawMessage {
  return { topic, key, id, type, time, sequence, value };
}

import { fromBinary, toJson, type DescMessage } from '@bufbuild/protobuf';
import { cursorText } from './cursor.ts';
import { UNREADABLE } from './mapping/mapper.ts';
import {
  DeviceSchema,
  ErasureSchema,
  MerchantSchema,
  OneIdChangedSchema,
  OneIdSchema,
  PurchaseSchema,
  VisitSchema,
} from './messages.ts';
import type { Cursor, Topic, TopicMessage } from './port.ts';

const schemas: Readonly<Record<Topic, DescMessage>> = {
  'one-ids': OneIdSchema,
  'one-id-changes': OneIdChangedSchema,
  purchases: PurchaseSchema,
  visits: VisitSchema,
  devices: DeviceSchema,
  merchants: MerchantSchema,
  erasures: ErasureSchema,
};

/**
 * One message as a server-sent event. `id` is the cursor to go on from, `event` the topic, `data` a CloudEvent in its JSON format:
 * the attributes, `key`, `data_base64` (protobuf; null for a tombstone) and `json`, the same in protobuf's JSON form.
 */
export function messageFrame(message: TopicMessage, cursor: Cursor): string {
  const { topic, key, attributes, value } = message;
  const base64 = value === null ? null : Buffer.from(value).toString('base64');
  const data = JSON.stringify({ ...attributes, key, data_base64: base64, json: jsonOf(message) });
  return `id: ${cursorText(cursor)}\nevent: ${topic}\ndata: ${data}\n\n`;
}

/** Nothing of the topics came, but the ledger moved: a subscriber that keeps this starts later, not earlier. */
export const passedFrame = (cursor: Cursor): string => `id: ${cursorText(cursor)}\nevent: passed\ndata: {}\n\n`;
export const beatFrame = ': beat\n\n';
/** The last frame: this cursor is too old, begin anew without one. */
export const tooOldFrame = 'event: too-old\ndata: {}\n\n';

function jsonOf({ topic, attributes, value }: TopicMessage): unknown {
  if (value === null || attributes.type.includes(`.${UNREADABLE}.`)) return null;
  const schema = schemas[topic];
  return toJson(schema, fromBinary(schema, value));
}

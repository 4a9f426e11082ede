import type { MappedMessage } from './mapping/mapper.ts';
import type { Attributes } from './port.ts';

/** The CloudEvents attributes of a message: the same wherever it is published. */
export function attributesOf(message: MappedMessage, source: string): Attributes {
  return {
    specversion: '1.0',
    id: message.id,
    source,
    type: message.type,
    subject: message.key,
    time: message.time,
    datacontenttype: 'application/protobuf',
    partitionkey: message.key,
    sequence: message.sequence.toString(),
  };
}

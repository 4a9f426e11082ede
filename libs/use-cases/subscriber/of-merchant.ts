import { fromBinary } from '@bufbuild/protobuf';
import { DeviceSchema, PurchaseSchema, VisitSchema } from '#libs/topics/messages.ts';
import type { TopicMessage, Topics } from '#libs/topics/port.ts';

/**
 * Topics as a merchant's service sees them: its own purchases, visits, devices and itself, and erasures, which name nobody.
 * What cannot be read is somebody else's until it can.
 */
export function topicsOfMerchant(topics: Topics, merchant: string): Topics {
  return {
    consume: (consuming, onMessages) =>
      topics.consume(consuming, (batch, passed) =>
        onMessages(
          batch.filter((message) => message.topic === 'erasures' || merchantOf(message) === merchant),
          passed,
        ),
      ),
    positions: (topic) => topics.positions(topic),
    cursorAt: (wanted, ledger) => topics.cursorAt(wanted, ledger),
    passed: () => topics.passed(),
    close: () => topics.close(),
  };
}

function merchantOf({ topic, key, value }: TopicMessage): string | undefined {
  if (topic === 'merchants') return key;
  if (value === null) return undefined;
  try {
    if (topic === 'purchases') return fromBinary(PurchaseSchema, value).merchant;
    if (topic === 'visits') return fromBinary(VisitSchema, value).merchant;
    if (topic === 'devices') return fromBinary(DeviceSchema, value).merchant;
  } catch {
    return undefined;
  }
  return undefined;
}

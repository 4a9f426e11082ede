import type { Hand } from '#libs/domain/values.ts';
import { clearOf, sectionsOf } from '#libs/event-codec/codec.ts';
import { RecordMalformed } from '#libs/event-codec/errors.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import type { PalmEntry } from '#libs/recognition/port.ts';
import { oneIdOf } from './palm-standing.ts';

export const SIGNED_TYPES = ['PalmEnrolled', 'PalmSignatureUpdated'];

/** A PalmEnrolled or PalmSignatureUpdated as the recognition zone takes it: still sealed. */
export function palmEntry(record: StoredRecord): PalmEntry {
  const { palm, hand, modelVersion } = clearOf(record) as { palm: string; hand: Hand; modelVersion: string };
  const sealed = sectionsOf(record).data;
  if (sealed === undefined) throw new RecordMalformed(record.type, 'signature');
  const place = { stream: record.stream, eventId: record.id, palm };
  return { oneId: oneIdOf(record), hand, modelVersion, place, sealed };
}

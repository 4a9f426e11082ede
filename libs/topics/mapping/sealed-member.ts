import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sectionsOf } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { SealedMemberSchema } from '../generated/palmledger/topics/v1/sealed_member_pb.js';

/** What the record seals about the person, as it stands there; who did it stays behind. */
export function sealedMember(record: StoredRecord): { member?: MessageInitShape<typeof SealedMemberSchema> } {
  const ciphertext = sectionsOf(record).data;
  if (ciphertext === undefined) return {};
  return { member: create(SealedMemberSchema, { ciphertext: Uint8Array.from(ciphertext), eventId: record.id }) };
}

import type { SealedMember as Message } from '#libs/topics/messages.ts';
import type { SealedMember } from '#libs/views/rows.ts';

export function memberOf(message: Message | undefined): { member?: SealedMember } {
  if (message === undefined) return {};
  return { member: { eventId: message.eventId, ciphertext: message.ciphertext } };
}

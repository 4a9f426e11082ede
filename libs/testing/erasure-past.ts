import type { ErasureEvent } from '#libs/domain/erasure/events.ts';
import type { StartErasure } from '#libs/domain/erasure/commands.ts';

/** An erasure's past for given/when/then. */
export const noon = '2026-03-01T12:00:00.000Z';
export const withdrawableUntil = '2026-03-04T12:00:00.000Z';
export const dueBy = '2026-03-31T12:00:00.000Z';
export const acknowledgeBy = '2026-03-20T12:00:00.000Z';

const copies = [{ name: 'first', medium: 'file' }];
const about = { dueBy, withdrawableUntil, receiptHash: 'hash', commitment: 'commitment' };
const sealed = { oneId: 'oneId-1', salt: 'salt', receipt: 'receipt', contacts: [] };

export const byMember: StartErasure = {
  type: 'StartErasure',
  at: noon,
  ...about,
  reason: 'member',
  requestedBy: '',
  needsApproval: false,
  sealed,
};
export const byAdmin: StartErasure = { ...byMember, reason: 'admin', requestedBy: 'admin-1', needsApproval: true };

export function started({ type: _type, at: _at, sealed: part, ...clear }: StartErasure): ErasureEvent {
  return { type: 'ErasureStarted', clear, sealed: part };
}
export const approved: ErasureEvent = { type: 'ErasureApproved', clear: { principal: 'admin-2' } };
export const held = (hold: string): ErasureEvent => ({ type: 'Held', clear: { hold, principal: 'admin-3' } });
export const released = (hold: string): ErasureEvent => ({ type: 'Released', clear: { hold, principal: 'admin-3' } });

/** The steps, in order, with two subscribers asked. */
export const settled: ErasureEvent = { type: 'TransactionsSettled', clear: {} };
export const begun: ErasureEvent = { type: 'DestructionBegun', clear: {} };
export const upToTombstones: readonly ErasureEvent[] = [
  started(byMember),
  settled,
  begun,
  { type: 'IndexCleared', clear: { epoch: 5 } },
  { type: 'ViewsPurged', clear: {} },
  { type: 'LastMessageSent', clear: { messages: 2 } },
  { type: 'KeysDestroyed', clear: { epoch: 6, keys: 12, copies } },
  { type: 'StreamPruned', clear: { records: 40 } },
  { type: 'TombstonesPublished', clear: { subscribers: ['loyalty', 'search'], acknowledgeBy } },
];
export const acknowledged = (subscriber: string): ErasureEvent => ({
  type: 'SubscriberAcknowledged',
  clear: { subscriber },
});
export const overdue = (subscriber: string): ErasureEvent => ({ type: 'SubscriberOverdue', clear: { subscriber } });
export const keyDestroyed: ErasureEvent = { type: 'ErasureKeyDestroyed', clear: { epoch: 8, copies } };
export const certified: ErasureEvent = { type: 'ErasureCertified', clear: { certificate: 'certificate' } };

import type { ErasureEvent } from '#libs/domain/erasure/events.ts';
import { v1, type EventTables } from '../table.ts';

export const erasureTables = {
  ErasureStarted: v1({
    clear: ['reason', 'requestedBy', 'dueBy', 'withdrawableUntil', 'receiptHash', 'commitment', 'needsApproval'],
    sealed: { fields: ['oneId', 'salt', 'receipt', 'contacts'], key: 'stream' },
  }),
  ErasureApproved: v1({ clear: ['principal'] }),
  ErasureRefused: v1({ clear: ['principal', 'reason'] }),
  Withdrawn: v1({ clear: ['by'] }),
  Held: v1({ clear: ['hold', 'principal'] }),
  Released: v1({ clear: ['hold', 'principal'] }),
  TransactionsSettled: v1({ clear: [] }),
  DestructionBegun: v1({ clear: [], sealed: { fields: ['pseudonyms', 'keys'], key: 'stream' } }),
  IndexCleared: v1({ clear: ['epoch'] }),
  ViewsPurged: v1({ clear: [] }),
  LastMessageSent: v1({ clear: ['messages'] }),
  KeysDestroyed: v1({ clear: ['epoch', 'keys', 'copies'] }),
  StreamPruned: v1({ clear: ['records'] }),
  TombstonesPublished: v1({ clear: ['subscribers', 'acknowledgeBy'] }),
  // These may come, and the last two always do, when the erasure's own key is gone; a subscriber stands there by name.
  SubscriberAcknowledged: v1({ clear: ['subscriber'], about: 'nobody' }),
  SubscriberOverdue: v1({ clear: ['subscriber'], about: 'nobody' }),
  ErasureKeyDestroyed: v1({ clear: ['epoch', 'copies'], about: 'nobody' }),
  ErasureCertified: v1({ clear: ['certificate'], about: 'nobody' }),
} satisfies EventTables<ErasureEvent>;

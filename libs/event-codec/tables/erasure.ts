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
  DestructionBegun: v1({ clear: [] }),
  IndexCleared: v1({ clear: ['epoch'] }),
  ViewsPurged: v1({ clear: [] }),
  LastMessageSent: v1({ clear: ['messages'] }),
  KeysDestroyed: v1({ clear: ['epoch', 'keys', 'copies'] }),
  StreamPruned: v1({ clear: ['records'] }),
  TombstonesPublished: v1({ clear: ['subscribers', 'acknowledgeBy'] }),
  SubscriberAcknowledged: v1({ clear: ['subscriber'] }),
  SubscriberOverdue: v1({ clear: ['subscriber'] }),
  ErasureKeyDestroyed: v1({ clear: ['epoch', 'copies'] }),
  ErasureCertified: v1({ clear: ['certificate'] }),
} satisfies EventTables<ErasureEvent>;

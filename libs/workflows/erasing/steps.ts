import type { Step } from '#libs/domain/erasure/state.ts';
import type { WorkflowDeps } from '../deps.ts';
import { systemWho } from '../system.ts';
import { beginDestruction, settleOpen } from './begin.ts';
import { certify } from './certify.ts';
import { clearIndex, purgeViews, sendLastMessage } from './clear.ts';
import { destroyErasureKey, destroyKeys } from './destroy.ts';
import { publishTombstones } from './subscribers.ts';
import { pruneStream } from './prune.ts';

export const WHO = systemWho('erasure');

/** How each step is done; the event of its name tells that it was. */
export const steps: Readonly<Record<Step, (deps: WorkflowDeps, erasure: string) => Promise<void>>> = {
  TransactionsSettled: settleOpen,
  DestructionBegun: beginDestruction,
  IndexCleared: clearIndex,
  ViewsPurged: purgeViews,
  LastMessageSent: sendLastMessage,
  KeysDestroyed: destroyKeys,
  StreamPruned: pruneStream,
  TombstonesPublished: publishTombstones,
  ErasureKeyDestroyed: destroyErasureKey,
  ErasureCertified: certify,
};

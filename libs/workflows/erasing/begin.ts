import { isLiving } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { oneIdOfErasure } from '#libs/use-cases/erasure/about.ts';
import { pseudonymFor } from '#libs/use-cases/one-id/pseudonym.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { WorkflowDeps } from '../deps.ts';
import { Later } from '../later.ts';
import { settleTransactions } from '../one-id/settle.ts';
import { systemWho } from '../system.ts';
import { belongingsOf } from './belongings.ts';
import { claimsNaming } from './claims-naming.ts';
import { recordStep } from './record.ts';
import { acknowledging } from './subscribers.ts';

const LOOK_AGAIN_MS = 2_000;

/** What is open has its time: who is in a shop ends the visit. Then it is settled like every other. */
export async function settleOpen(deps: WorkflowDeps, erasure: string): Promise<void> {
  const oneId = await oneIdOfErasure(deps, erasure);
  await settleTransactions(deps, oneId);
  const { state } = await load(deps.ledger, oneIds, oneId);
  if (isLiving(state) && state.transactions.open.length > 0) throw new Later('open transactions', LOOK_AGAIN_MS);
  await recordStep(deps, erasure, { type: 'RecordTransactionsSettled' });
}

/**
 * The intent, on the One ID first: there a hold or a withdrawal that came a moment earlier still stops it. From here on there
 * is no way back. What nobody can derive or count afterwards is taken along, under the erasure's own key.
 */
export async function beginDestruction(deps: WorkflowDeps, erasure: string): Promise<void> {
  const oneId = await oneIdOfErasure(deps, erasure);
  const begin = { type: 'BeginKeyDestruction', at: isoNow(deps.clock), scope: 'all' } as const;
  await decideOn(deps, oneIds, oneId, begin, systemWho('erasure'));
  const belongings = await belongingsOf(deps, oneId, erasure);
  if (belongings === undefined) throw new Error('the keys of a One ID were gone before their destruction began');
  const pseudonyms: Record<string, string> = {};
  for (const { subscriber, party } of await acknowledging(deps.ledger)) {
    pseudonyms[subscriber] = await pseudonymFor(deps.keyring, oneId.slice('oneId-'.length), party);
  }
  const keys = new Set([...belongings.keys, ...(await claimsNaming(deps, oneId))]).size;
  const sealed = { pseudonyms, keys };
  await recordStep(deps, erasure, { type: 'BeginDestruction', sealed });
}

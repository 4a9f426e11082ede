import { isoNow } from '#libs/runtime/clock.ts';
import { oneIdOfErasure } from '#libs/use-cases/erasure/about.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { WorkflowDeps } from '../deps.ts';
import { Later } from '../later.ts';
import { systemWho } from '../system.ts';
import { recordStep } from './record.ts';

const SOON_MS = 200;

/**
 * OneIdErased is the person's last event and becomes the tombstone. Once relay, views, index and contacts have passed it, the
 * stream is removed, since times and order alone would tie it to purchases; the evidence keeps its leaves.
 */
export async function pruneStream(deps: WorkflowDeps, erasure: string): Promise<void> {
  const oneId = await oneIdOfErasure(deps, erasure);
  if (!(await isPruned(deps, oneId))) await markErased(deps, oneId);
  const { records } = await deps.ledger.prune(oneId);
  await recordStep(deps, erasure, { type: 'RecordStreamPruned', records });
}

async function markErased(deps: WorkflowDeps, oneId: string): Promise<void> {
  const erased = { type: 'MarkErased', at: isoNow(deps.clock) } as const;
  try {
    const { position } = await decideOn(deps, oneIds, oneId, erased, systemWho('erasure'));
    await passedBy(deps, position);
  } catch (error) {
    // Somebody else has pruned it at this very moment.
    if (!(await isPruned(deps, oneId))) throw error;
  }
}

/** Then only the record of it may be missing. */
async function isPruned(deps: WorkflowDeps, oneId: string): Promise<boolean> {
  return (await load(deps.ledger, oneIds, oneId)).state.status === 'unknown';
}

async function passedBy(deps: WorkflowDeps, position: bigint): Promise<void> {
  if ((await deps.topics.passed()) < position) throw new Later('the topics', SOON_MS);
  if ((await deps.views.position()) < position) throw new Later('the views', SOON_MS);
  if (deps.recognition.ready().position < position) throw new Later('the matching index', SOON_MS);
  if (deps.contacts.position < position) throw new Later('the contacts', SOON_MS);
}

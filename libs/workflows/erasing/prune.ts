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
  const before = await load(deps.ledger, oneIds, oneId);
  // Unknown: it was pruned, and only the record of it is missing.
  if (before.state.status !== 'unknown') {
    const erased = { type: 'MarkErased', at: isoNow(deps.clock) } as const;
    const { position } = await decideOn(deps, oneIds, oneId, erased, systemWho('erasure'));
    await passedBy(deps, position);
  }
  const { records } = await deps.ledger.prune(oneId);
  await recordStep(deps, erasure, { type: 'RecordStreamPruned', records });
}

async function passedBy(deps: WorkflowDeps, position: bigint): Promise<void> {
  if ((await deps.topics.passed()) < position) throw new Later('the topics', SOON_MS);
  if ((await deps.views.position()) < position) throw new Later('the views', SOON_MS);
  if (deps.recognition.ready().position < position) throw new Later('the matching index', SOON_MS);
  if (deps.contacts.position < position) throw new Later('the contacts', SOON_MS);
}

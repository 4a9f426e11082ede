import { nextStep } from '#libs/domain/erasure/next-step.ts';
import type { ErasureState, Pending } from '#libs/domain/erasure/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { erasures } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import type { WorkflowDeps } from '../deps.ts';
import { keepInStep } from './in-step.ts';
import { steps, WHO } from './steps.ts';

/**
 * Takes an erasure as far as it goes now. Each step is done and then recorded, and done again changes nothing: whoever
 * comes after a crash, or at the same time, finds where it stands on the stream. Answers with when to look again by itself.
 * Throws `Later` where a step waits for something else.
 */
export async function advanceErasure(deps: WorkflowDeps, erasure: string): Promise<string | undefined> {
  for (;;) {
    const next = await advanceOnce(deps, erasure);
    if (next !== 'on') return next.until;
  }
}

/** One step, for whoever wants to stop between two. */
export async function advanceOnce(
  deps: WorkflowDeps,
  erasure: string,
): Promise<'on' | { readonly until: string | undefined }> {
  const { state, revision } = await load(deps.ledger, erasures, erasure);
  try {
    return await step(deps, erasure, state);
  } catch (error) {
    // Somebody else took the same step at the same moment, and its keys or streams are gone since: we go on from where it stands.
    if ((await load(deps.ledger, erasures, erasure)).revision !== revision) return 'on';
    throw error;
  }
}

async function step(
  deps: WorkflowDeps,
  erasure: string,
  state: ErasureState,
): Promise<'on' | { readonly until: string | undefined }> {
  if (state.status === 'pending' && (await keepInStep(deps, erasure, state satisfies Pending))) return 'on';
  const at = isoNow(deps.clock);
  const next = nextStep(state, at);
  switch (next.kind) {
    case 'ended':
      return { until: undefined };
    case 'wait':
      return { until: next.until ?? undefined };
    case 'overdue': {
      const late = next.subscribers.map((subscriber) => ({ type: 'MarkSubscriberOverdue', at, subscriber }) as const);
      await decideOn(deps, erasures, erasure, late, WHO);
      return 'on';
    }
    case 'do':
      await steps[next.step](deps, erasure);
      return 'on';
    default:
      return next satisfies never;
  }
}

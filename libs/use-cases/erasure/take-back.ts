import type { ErasureCommand } from '#libs/domain/erasure/commands.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { erasures, oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { loadErasure, oneIdOfErasure } from './about.ts';
import type { OnErasure } from './approve.ts';

/** A second admin does not agree. The One ID is as it was before. */
export async function refuseErasure(
  deps: Deps,
  { reason, ...on }: OnErasure & { readonly reason: string },
): Promise<{ position: bigint }> {
  const { principal } = on.caller;
  return takeBack(deps, on, { type: 'RefuseErasure', at: isoNow(deps.clock), principal, reason });
}

/** An admin takes an erasure back, until its destruction begins. A member's own is taken back by the member (leaving/stay.ts). */
export async function withdrawErasure(deps: Deps, on: OnErasure): Promise<{ position: bigint }> {
  return takeBack(deps, on, { type: 'WithdrawErasureProcess', at: isoNow(deps.clock), by: on.caller.principal });
}

type TakingBack = Extract<ErasureCommand, { type: 'RefuseErasure' | 'WithdrawErasureProcess' }>;

/**
 * Asked of the erasure first whether it would take it, so that nobody is brought back whose erasure goes on; written on the
 * One ID first, where the destruction begins as well. What a crash leaves between the two, the workflow ends.
 */
async function takeBack(deps: Deps, on: OnErasure, command: TakingBack): Promise<{ position: bigint }> {
  const { caller, request, erasure } = on;
  const { stream, state, position } = await loadErasure(deps, erasure);
  if (erasures.decider.decide(command, state).length === 0) return { position };
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ oneId: await oneIdOfErasure(deps, stream) }));
  const back = { type: 'WithdrawErasure', at: command.at, reason: 'admin' } as const;
  await decideOn(deps, oneIds, plan.oneId, back, who);
  const decided = await decideOn(deps, erasures, stream, command, who);
  await tell(deps, plan.oneId, `erasure-withdrawn/${erasure}`, 'erasure-withdrawn', {});
  return { position: decided.position };
}

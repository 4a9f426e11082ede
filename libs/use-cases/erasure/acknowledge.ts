import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { loadErasure, sealedIn, type Known } from './about.ts';
import type { OnErasure } from './approve.ts';

/** A registered subscriber has erased what it held. An erasure that it was not asked about looks like none. */
export async function acknowledgeErasure(deps: Deps, on: OnErasure): Promise<{ position: bigint }> {
  const { caller, request, erasure } = on;
  const { stream, state } = await loadErasure(deps, erasure);
  const subscriber = requireAsked(state, caller);
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ stream }));
  const command = { type: 'AcknowledgeErasure', at: isoNow(deps.clock), subscriber } as const;
  const { position } = await decideOn(deps, erasures, stream, command, who);
  return { position };
}

/** How this subscriber knows the erased, so that it finds what to erase: until it has acknowledged, and no longer. */
export async function erasedPseudonym(
  deps: Deps,
  { caller, erasure }: { readonly caller: PrincipalCaller; readonly erasure: string },
): Promise<{ pseudonym: string; acknowledgeBy: string }> {
  const { stream, state } = await loadErasure(deps, erasure);
  const subscriber = requireAsked(state, caller);
  const asked = state.status === 'destroying' ? state.asked : null;
  const over = new Refused('erasure-ended', 'There is nothing to read here any more.', 'gone');
  if (asked === null || asked.acknowledged.includes(subscriber)) throw over;
  const pseudonym = (await sealedIn(deps, stream, 'DestructionBegun'))?.pseudonyms[subscriber];
  if (pseudonym === undefined) throw over;
  return { pseudonym, acknowledgeBy: asked.acknowledgeBy };
}

function requireAsked(state: Known, { subscriber }: PrincipalCaller): string {
  const asked = state.status === 'destroying' || state.status === 'certified' ? state.asked : null;
  if (subscriber !== undefined && asked?.subscribers.includes(subscriber) === true) return subscriber;
  throw new Refused('erasure-unknown', 'There is no such erasure.', 'missing');
}

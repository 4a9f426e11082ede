import { requireText } from '#libs/domain/text.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { erasureOf } from '../leaving/stay.ts';
import { erasures, oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface PlaceHold {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly oneId: string;
  readonly reason: string;
  /** The court or office that asks for it. */
  readonly authority: string;
}

export interface ReleaseHold {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly oneId: string;
  readonly hold: string;
}

/** What a court wants kept is not destroyed: on the One ID first, where the destruction would begin, then on its erasure. */
export async function placeHold(deps: Deps, input: PlaceHold): Promise<{ hold: string; position: bigint }> {
  const { caller, request, reason, authority } = input;
  requireText('reason', reason);
  requireText('authority', authority);
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ oneId: input.oneId, hold: newId() }));
  const { oneId, hold } = plan;
  const at = isoNow(deps.clock);
  const command = { type: 'PlaceLegalHold', at, hold, sealed: { reason, authority } } as const;
  const { position } = await decideOn(deps, oneIds, `oneId-${oneId}`, command, who);
  const erasure = await pendingErasure(deps, `oneId-${oneId}`);
  if (erasure === undefined) return { hold, position };
  const held = { type: 'HoldErasure', at, hold, principal: caller.principal } as const;
  return { hold, position: (await decideOn(deps, erasures, erasure, held, who)).position };
}

export async function releaseHold(deps: Deps, input: ReleaseHold): Promise<{ position: bigint }> {
  const { caller, request } = input;
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ oneId: input.oneId, hold: input.hold }));
  const { oneId, hold } = plan;
  const at = isoNow(deps.clock);
  const command = { type: 'ReleaseLegalHold', at, hold } as const;
  const { position } = await decideOn(deps, oneIds, `oneId-${oneId}`, command, who);
  const erasure = await pendingErasure(deps, `oneId-${oneId}`);
  if (erasure === undefined) return { position };
  const { state } = await load(deps.ledger, erasures, erasure);
  // Held before this erasure began, and not yet brought over: the workflow does both at once.
  if (state.status !== 'pending' || !state.holds.includes(hold)) return { position };
  const released = { type: 'ReleaseErasure', at, hold, principal: caller.principal } as const;
  return { position: (await decideOn(deps, erasures, erasure, released, who)).position };
}

async function pendingErasure(deps: Deps, oneId: string): Promise<string | undefined> {
  const erasure = await erasureOf(deps, oneId);
  if (erasure === undefined) return undefined;
  return (await load(deps.ledger, erasures, erasure)).state.status === 'pending' ? erasure : undefined;
}

import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { reserveSeed } from '../changes/announce.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { erasureOf } from '../leaving/stay.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { loadErasure } from './about.ts';
import { startErasure } from './start.ts';

export interface RequestErasure {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly oneId: string;
}

export interface ErasureRequested {
  readonly erasure: string;
  readonly dueBy: string;
  readonly withdrawableUntil: string;
  readonly position: bigint;
}

/** An admin asks; from now on the palm identifies nobody, and nothing is destroyed before a second admin has approved it. */
export async function requestErasure(deps: Deps, input: RequestErasure): Promise<ErasureRequested> {
  const { caller, request } = input;
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => {
    await mayBeAsked(deps, input.oneId);
    return { oneId: input.oneId, seed: await reserveSeed(deps) };
  });
  const { oneId, seed } = plan;
  const asked = { oneId, reason: 'admin', requestedBy: caller.principal, seed } as const;
  const sealed = await startErasure(deps, asked, who);
  const command = { type: 'RequestErasure', at: isoNow(deps.clock), reason: 'admin', sealed } as const;
  const { position } = await decideOn(deps, oneIds, `oneId-${oneId}`, command, who);
  // Somebody else's request came first: ours stays without its One ID and is withdrawn by itself.
  if ((await erasureOf(deps, `oneId-${oneId}`)) !== sealed.erasure) throw requestedAlready();
  await deps.recognition.oneIdClosed(oneId);
  const { about } = (await loadErasure(deps, seed.erasure)).state;
  return { erasure: seed.erasure, dueBy: about.dueBy, withdrawableUntil: about.withdrawableUntil, position };
}

async function mayBeAsked(deps: Deps, oneId: string): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, `oneId-${oneId}`);
  if (state.status === 'leaving') throw requestedAlready();
  const command = { type: 'RequestErasure', at: isoNow(deps.clock), reason: 'admin' } as const;
  oneIds.decider.decide({ ...command, sealed: { erasure: '' } }, state);
}

function requestedAlready(): Refused {
  return new Refused('erasure-requested', 'The erasure of this One ID is requested.');
}

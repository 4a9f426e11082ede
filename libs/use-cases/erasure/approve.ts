import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { loadErasure } from './about.ts';

export interface OnErasure {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly erasure: string;
}

/** A second admin agrees: four eyes are two principals, not two tokens (`four-eyes`). */
export async function approveErasure(
  deps: Deps,
  { caller, request, erasure }: OnErasure,
): Promise<{ position: bigint }> {
  const { stream } = await loadErasure(deps, erasure);
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ stream }));
  const command = { type: 'ApproveErasure', at: isoNow(deps.clock), principal: caller.principal } as const;
  const { position } = await decideOn(deps, erasures, stream, command, who);
  return { position };
}

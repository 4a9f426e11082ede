import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import type { Request } from '../claim/claim.ts';
import { decideOnceOn } from '../claim/decide-once.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';

export interface ChangeStanding {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly oneId: string;
  /** A code; the member is told that it happened. */
  readonly reason: string;
}

/** The palm opens nothing until an admin resumes it; what the member may still do is look, and leave. */
export async function suspendOneId(deps: Deps, input: ChangeStanding): Promise<{ position: bigint }> {
  const position = await decide(deps, input, 'Suspend', 'Suspended');
  await toldOf(deps, input.oneId, 'suspended', position);
  return { position };
}

/** Ends the suspension alone: a member's own pause stays. */
export async function resumeOneId(deps: Deps, input: ChangeStanding): Promise<{ position: bigint }> {
  const position = await decide(deps, input, 'Resume', 'Resumed');
  await toldOf(deps, input.oneId, 'resumed', position);
  return { position };
}

async function decide(
  deps: Deps,
  { caller, request, oneId, reason }: ChangeStanding,
  type: 'Suspend' | 'Resume',
  told: 'Suspended' | 'Resumed',
): Promise<bigint> {
  const command = { type, at: isoNow(deps.clock), reason } as const;
  const once = { aggregate: oneIds, stream: `oneId-${oneId}`, command, told: { type: told } };
  return (await decideOnceOn(deps, request, whoOf(caller), once)).position;
}

function toldOf(deps: Deps, oneId: string, what: 'suspended' | 'resumed', position: bigint): Promise<number> {
  const at = isoNow(deps.clock);
  return tell(deps, `oneId-${oneId}`, `${what}/${position}`, 'security-notice', { what, at });
}

import { createHash } from 'node:crypto';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { visits } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { endVisit, type Ending, type Left } from './end.ts';
import { requireOwnVisit } from './items.ts';
import { requireOwnerOfVisit } from './owner.ts';

export interface EndByShop {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly visit: string;
}

/**
 * The shop saw the person walk out without holding the palm over the gate: also whoever asked to be forgotten in the middle
 * of a visit, and whose palm identifies nobody any more. The gate's transaction covers what was taken.
 */
export async function endVisitByShop(deps: Deps, { caller, request, visit }: EndByShop): Promise<Left> {
  const stream = await requireOwnVisit(deps, caller.merchant, visit);
  const who = whoOf(caller);
  const { plan } = await claim<Ending>(deps, request, who, (key) => makePlan(deps, stream, key));
  const { state } = await load(deps.ledger, visits, stream);
  const gate = 'place' in state && state.place !== undefined ? state.place.gate : '';
  return endVisit(deps, plan, gate, who);
}

async function makePlan(deps: Deps, visit: string, claimKey: string): Promise<Ending> {
  await requireOwnerOfVisit(deps, visit);
  return { visit, ticketHash: createHash('sha256').update(claimKey).digest('base64url') };
}

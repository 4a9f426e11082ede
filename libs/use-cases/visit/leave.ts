import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { redeem } from '../one-id/ticket.ts';
import { contentOf } from '../one-id/transactions.ts';
import { oneIds, visits } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { endVisit, type Ending, type Left } from './end.ts';

export interface Leave {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly ticket: string;
}

/** A palm at the way out ends the visit; what was taken is charged once, under the transaction that the gate opened. */
export async function leaveByPalm(deps: Deps, { caller, request, ticket }: Leave): Promise<Left> {
  const who = whoOf(caller);
  const { plan } = await claim<Ending>(deps, request, who, () => makePlan(deps, caller, request, ticket));
  return endVisit(deps, plan, caller.device, who);
}

async function makePlan(deps: Deps, caller: DeviceCaller, request: Request, ticket: string): Promise<Ending> {
  const { oneId, ticketHash } = await redeem(deps, caller, ticket, {
    purpose: 'leave',
    request: request.idempotencyKey,
  });
  const stream = `oneId-${oneId}`;
  const { state, places } = await load(deps.ledger, oneIds, stream);
  const open = isLiving(state) ? state.transactions.open.filter(({ kind }) => kind === 'visit') : [];
  for (const { number } of open) {
    const content = await contentOf(deps, stream, places, number);
    if (content === undefined || content.merchant !== caller.merchant || content.site !== caller.site) continue;
    const visit = content.streams.find((name) => name.startsWith('visit-'));
    // One that has ended may still wait for the card network's answer; whoever is in here now is in another.
    if (visit === undefined || (await load(deps.ledger, visits, visit)).state.phase !== 'started') continue;
    return { ticketHash, visit };
  }
  throw new Refused('no-visit', 'nobody with this palm is in here', 'missing');
}

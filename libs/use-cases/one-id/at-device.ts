import { transactionByTicket } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { requireSiteOpen } from '../party/allowed.ts';
import { closeTransaction } from '../payment/close.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { manageCommand } from './manage.ts';
import { redeem, type Ticketed } from './ticket.ts';

export interface AtDevice {
  readonly caller: DeviceCaller;
  readonly request: Request;
  /** Of an identification for `manage`. */
  readonly ticket: string;
}

interface Plan {
  readonly ticketed: Ticketed;
  readonly stream: string;
}

/**
 * Something that the member does about the own One ID before a device: within a transaction that the palm opened, closed when
 * it is done; left half-way, it is closed by whoever settles. `more` is what the work itself plans, in the same claim: a
 * step within it that claims under the same request finds this plan.
 */
export async function manageAtDevice<More extends object, Answer extends object>(
  deps: Deps,
  { caller, request, ticket }: AtDevice,
  more: () => More,
  work: (stream: string, plan: More) => Promise<Answer>,
): Promise<Answer & { readonly position: bigint }> {
  const who = whoOf(caller);
  const { plan, key } = await claim<Plan & More>(deps, request, who, async () => {
    await requireSiteOpen(deps, caller);
    const ticketed = await redeem(deps, caller, ticket, { purpose: 'manage', request: request.idempotencyKey });
    // Apart, since the palm that was shown and a palm that is added have the same name.
    return { ticketed, stream: `oneId-${ticketed.oneId}`, ...more() };
  });
  const { stream, ticketed } = plan;
  const opening = manageCommand(deps, caller, ticketed, isoNow(deps.clock), [key]);
  const { state } = await decideOn(deps, oneIds, stream, opening, who);
  const number = transactionByTicket(state, ticketed.ticketHash)?.number;
  if (number === undefined) throw new Refused('ticket-used', 'this ended a while ago', 'gone');
  const answer = await work(stream, plan).catch(async (error: unknown) => {
    if (error instanceof Refused) await closeTransaction(deps, stream, number, 'refused', who);
    throw error;
  });
  return { ...answer, position: await closeTransaction(deps, stream, number, 'completed', who) };
}

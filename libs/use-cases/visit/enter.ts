import { isoNow } from '#libs/runtime/clock.ts';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { openTransaction } from '../one-id/transactions.ts';
import { requireAllowed } from '../party/allowed.ts';
import { oneIds, visits } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface Enter {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly ticket: string;
}

export interface Entered {
  /** By this the shop reports what is taken and put back. */
  readonly visit: string;
  readonly position: bigint;
}

interface Plan extends Ticketed {
  readonly visit: string;
  readonly payment: string;
  readonly currency: string;
}

/** A palm opens the gate of a shop without checkout: visit and payment are one transaction, opened here. */
export async function enterByPalm(deps: Deps, { caller, request, ticket }: Enter): Promise<Entered> {
  const who = whoOf(caller);
  const { plan, key, fresh } = await claim<Plan>(deps, request, who, () => makePlan(deps, caller, request, ticket));
  const visit = plan.visit.slice('visit-'.length);
  if (!fresh) {
    const { state, position } = await load(deps.ledger, visits, plan.visit);
    // Left half-way for so long that it was settled: nobody was let in by it, and nobody is now.
    if (state.phase === 'abandoned' && state.place === undefined)
      throw new Refused('visit-abandoned', 'the visit was abandoned before it started', 'gone');
    if (state.phase !== 'none') return { visit, position };
  }
  const streams = [plan.visit, plan.payment, key];
  const opening = { kind: 'visit', settleSeconds: deps.policy.settleVisitSeconds, streams } as const;
  const { number } = await openTransaction(deps, caller, plan, opening);
  const pseudonym = await pseudonymFor(deps.keyring, plan.oneId, `merchant-${caller.merchant}`);
  const owner = { oneId: plan.oneId, transaction: number, pseudonym, payment: plan.payment };
  const { merchant, site, device } = caller;
  const place = { merchant, site, gate: device, currency: plan.currency };
  const command = { type: 'StartVisit', at: isoNow(deps.clock), ...place, owner } as const;
  const { position } = await decideOn(deps, visits, plan.visit, command, who);
  return { visit, position };
}

async function makePlan(deps: Deps, caller: DeviceCaller, request: Request, ticket: string): Promise<Plan> {
  const { currency } = await requireAllowed(deps, caller, 'visit');
  const ticketed = await redeem(deps, caller, ticket, { purpose: 'enter', request: request.idempotencyKey });
  const { state } = await load(deps.ledger, oneIds, `oneId-${ticketed.oneId}`);
  // Who cannot pay at the end is not let in at the beginning.
  if (!isLiving(state) || state.defaultCard === null) throw new Refused('no-card', 'there is no card to pay with');
  const [[visit], [payment]] = await Promise.all([deps.keyring.reserve('visit'), deps.keyring.reserve('payment')]);
  return { ...ticketed, visit: `visit-${visit!}`, payment: `payment-${payment!}`, currency };
}

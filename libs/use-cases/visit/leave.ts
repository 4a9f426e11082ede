import { isLiving } from '#libs/domain/one-id/state.ts';
import { outcomeOf as outcomeOfPayment } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { cartOf, outcomeOf, totalOf, type CartItem, type VisitState } from '#libs/domain/visit/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { redeem } from '../one-id/ticket.ts';
import { contentOf } from '../one-id/transactions.ts';
import { paymentAnswer, type PaymentAnswer } from '../payment/answer.ts';
import { closeTransaction } from '../payment/close.ts';
import { goForward, requestPayment } from '../payment/request.ts';
import { oneIds, payments, visits } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

export interface Leave {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly ticket: string;
}

export interface Left {
  readonly visit: string;
  readonly items: readonly CartItem[];
  readonly total: number;
  /** Absent where nothing was taken. */
  readonly payment?: PaymentAnswer;
  readonly position: bigint;
}

interface Plan {
  readonly oneId: string;
  readonly ticketHash: string;
  readonly number: number;
  readonly visit: string;
  readonly payment: string;
  readonly card: string | null;
}

/** A palm at the way out ends the visit; what was taken is charged once, under the transaction that the gate opened. */
export async function leaveByPalm(deps: Deps, { caller, request, ticket }: Leave): Promise<Left> {
  const who = whoOf(caller);
  const { plan } = await claim<Plan>(deps, request, who, () => makePlan(deps, caller, request, ticket));
  const command = { type: 'EndVisit', at: isoNow(deps.clock), ticketHash: plan.ticketHash } as const;
  const ended = await decideOn(deps, visits, plan.visit, command, who);
  if (totalOf(ended.state) === 0) return left(plan, ended.state, await close(deps, plan, ended.state, who));
  return charge(deps, caller, plan, ended.state);
}

async function charge(deps: Deps, caller: DeviceCaller, plan: Plan, visit: VisitState): Promise<Left> {
  const who = whoOf(caller);
  const { state: before } = await load(deps.ledger, payments, plan.payment);
  const payment = outcomeOfPayment(before) === undefined ? await payNow(deps, caller, plan, visit) : before;
  const outcome = outcomeOfPayment(payment);
  const { position: at } = await load(deps.ledger, payments, plan.payment);
  if (outcome === undefined) return left(plan, visit, at, paymentAnswer(plan.payment, payment, at));
  const command =
    outcome === 'completed'
      ? ({ type: 'RecordVisitCharged', at: isoNow(deps.clock) } as const)
      : ({ type: 'AbandonVisit', at: isoNow(deps.clock), reason: `payment-${outcome}` } as const);
  await decideOn(deps, visits, plan.visit, command, who);
  const position = await closeTransaction(deps, `oneId-${plan.oneId}`, plan.number, outcome, who);
  return left(plan, visit, position, paymentAnswer(plan.payment, payment, position));
}

async function payNow(deps: Deps, caller: DeviceCaller, plan: Plan, visit: VisitState) {
  if (plan.card === null) throw new Refused('no-card', 'there is no card to pay with');
  const place = 'place' in visit ? visit.place : undefined;
  if (place === undefined) throw new Refused('visit-unknown', 'there is no such visit', 'missing');
  const { merchant, site, device } = caller;
  const terms = { merchant, site, device, amount: totalOf(visit), currency: place.currency, kind: 'visit' } as const;
  const owner = { oneId: plan.oneId, transaction: plan.number, card: plan.card };
  const token = await requestPayment(deps, plan.payment, terms, owner, whoOf(caller));
  return goForward(deps, plan.payment, token, whoOf(caller));
}

async function close(deps: Deps, plan: Plan, visit: VisitState, who: ReturnType<typeof whoOf>): Promise<bigint> {
  // Nothing was taken, so nothing is charged: the payment that the gate reserved can never begin any more.
  const nothing = { type: 'AbandonPayment', at: isoNow(deps.clock), reason: 'nothing-taken' } as const;
  await decideOn(deps, payments, plan.payment, nothing, who);
  return closeTransaction(deps, `oneId-${plan.oneId}`, plan.number, outcomeOf(visit) ?? 'completed', who);
}

function left(plan: Plan, visit: VisitState, position: bigint, payment?: PaymentAnswer): Left {
  const id = plan.visit.slice('visit-'.length);
  return {
    visit: id,
    items: cartOf(visit),
    total: totalOf(visit),
    ...(payment === undefined ? {} : { payment }),
    position,
  };
}

async function makePlan(deps: Deps, caller: DeviceCaller, request: Request, ticket: string): Promise<Plan> {
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
    const payment = content.streams.find((name) => name.startsWith('payment-'));
    if (visit === undefined || payment === undefined) continue;
    return { oneId, ticketHash, number, visit, payment, card: isLiving(state) ? state.defaultCard : null };
  }
  throw new Refused('no-visit', 'nobody with this palm is in here', 'missing');
}

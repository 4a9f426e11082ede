import { isLiving } from '#libs/domain/one-id/state.ts';
import { outcomeOf } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { openTransaction, type Opened } from '../one-id/transactions.ts';
import { requireAllowed } from '../party/allowed.ts';
import { oneIds, payments } from '../stream/aggregates.ts';
import type { Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { goForward, requestPayment } from './request.ts';
import { closeTransaction } from './close.ts';
import { paymentAnswer, type PaymentAnswer } from './answer.ts';

export interface Pay {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly ticket: string;
  readonly amount: number;
  readonly currency: string;
}

interface Plan extends Ticketed {
  readonly payment: string;
  readonly card: string;
}

/**
 * A palm pays at a till. A transaction is opened on the One ID, the payment is requested, authorised and captured, the
 * transaction is closed. A till hears "declined" or "voided" once that is stored; where the network gave no answer it hears
 * `unknown`, asks again under the same key, or leaves it to be settled without it.
 */
export async function payByPalm(deps: Deps, input: Pay): Promise<PaymentAnswer> {
  const { caller, request } = input;
  const who = whoOf(caller);
  const { plan, key, fresh } = await claim<Plan>(deps, request, who, () => makePlan(deps, input));
  const ended = fresh ? undefined : await endedPayment(deps, plan, who);
  if (ended !== undefined) return ended;
  const opening = {
    kind: 'payment',
    settleSeconds: deps.policy.settlePaymentSeconds,
    streams: [plan.payment, key],
  } as const;
  const opened = await openTransaction(deps, caller, plan, opening);
  const token = await requestSale(deps, input, plan, opened);
  const state = await goForward(deps, plan.payment, token, who);
  const outcome = outcomeOf(state);
  if (outcome === undefined) {
    const { position } = await load(deps.ledger, payments, plan.payment);
    return paymentAnswer(plan.payment, state, position);
  }
  const closed = await closeTransaction(deps, `oneId-${plan.oneId}`, opened.number, outcome, who);
  return paymentAnswer(plan.payment, state, closed);
}

async function makePlan(deps: Deps, { caller, request, ticket, amount, currency }: Pay): Promise<Plan> {
  const merchant = await requireAllowed(deps, caller, 'pay');
  // What a merchant is paid in is part of its registration: totals, visits and refunds count in it.
  if (currency !== merchant.currency)
    throw new Refused('currency-not-taken', 'this merchant is paid in another currency', 'invalid', {
      currency: merchant.currency,
    });
  const use = { purpose: 'pay', amount, currency, request: request.idempotencyKey } as const;
  const ticketed = await redeem(deps, caller, ticket, use);
  const { state } = await load(deps.ledger, oneIds, `oneId-${ticketed.oneId}`);
  if (!isLiving(state) || state.defaultCard === null) throw new Refused('no-card', 'there is no card to pay with');
  const [id] = await deps.keyring.reserve('payment');
  return { ...ticketed, payment: `payment-${id!}`, card: state.defaultCard };
}

/** A repeated request is answered from the payment itself, however long ago its ticket was; what a crash left open is closed. */
async function endedPayment(deps: Deps, plan: Plan, who: Who): Promise<PaymentAnswer | undefined> {
  const { state, position } = await load(deps.ledger, payments, plan.payment);
  const outcome = outcomeOf(state);
  if (outcome === undefined) return undefined;
  const stream = `oneId-${plan.oneId}`;
  const one = (await load(deps.ledger, oneIds, stream)).state;
  const left = isLiving(one)
    ? one.transactions.open.find(({ ticketHash }) => ticketHash === plan.ticketHash)
    : undefined;
  const closed = left === undefined ? position : await closeTransaction(deps, stream, left.number, outcome, who);
  return paymentAnswer(plan.payment, state, closed);
}

/** The card's token once the request is on the stream; undefined where somebody ended the payment before it began. */
async function requestSale(deps: Deps, input: Pay, plan: Plan, { number }: Opened): Promise<string | undefined> {
  const { caller, amount, currency } = input;
  const { merchant, site, device } = caller;
  const owner = { oneId: plan.oneId, transaction: number, card: plan.card };
  const terms = { merchant, site, device, amount, currency, kind: 'sale' } as const;
  return requestPayment(deps, plan.payment, terms, owner, whoOf(caller));
}

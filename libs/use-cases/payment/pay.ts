import { OutcomeUnknown } from '#libs/card-network/port.ts';
import { isLiving, transactionByTicket } from '#libs/domain/one-id/state.ts';
import { outcomeOf, type PaymentState } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { openItem } from '../one-id/items.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { redeem, type Ticketed } from '../one-id/ticket.ts';
import { requireAllowed } from '../party/allowed.ts';
import { oneIds, payments } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { advance } from './advance.ts';
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
  await requireAllowed(deps, caller, 'pay');
  const { plan, key } = await claim<Plan>(deps, request, who, () => makePlan(deps, input));
  const oneId = `oneId-${plan.oneId}`;
  const opened = await openTransaction(deps, caller, plan, key);
  const token = await requestPayment(deps, input, plan, opened);
  const state = token === undefined ? await settled(deps, plan.payment) : await forward(deps, plan.payment, token, who);
  const outcome = outcomeOf(state);
  if (outcome === undefined) return paymentAnswer(plan.payment, state, opened.position);
  const closed = await closeTransaction(deps, oneId, opened.number, outcome, who);
  return paymentAnswer(plan.payment, state, closed);
}

async function makePlan(deps: Deps, { caller, request, ticket, amount, currency }: Pay): Promise<Plan> {
  const use = { purpose: 'pay', amount, currency, request: request.idempotencyKey } as const;
  const ticketed = await redeem(deps, caller, ticket, use);
  const { state } = await load(deps.ledger, oneIds, `oneId-${ticketed.oneId}`);
  if (!isLiving(state) || state.defaultCard === null) throw new Refused('no-card', 'there is no card to pay with');
  const [id] = await deps.keyring.reserve('payment');
  return { ...ticketed, payment: `payment-${id!}`, card: state.defaultCard };
}

interface Opened {
  readonly number: number;
  readonly position: bigint;
}

async function openTransaction(deps: Deps, caller: DeviceCaller, plan: Plan, claimKey: string): Promise<Opened> {
  const now = deps.clock.now();
  const { merchant, site, device } = caller;
  const { palm, ticketHash, ticketExpiresAt, evidence, payment } = plan;
  const command = {
    type: 'OpenTransaction',
    kind: 'payment',
    at: now.toISOString(),
    settleBy: new Date(now.getTime() + deps.policy.settlePaymentSeconds * 1_000).toISOString(),
    palm,
    ticketHash,
    ticketExpiresAt,
    sealed: { streams: [payment, claimKey], merchant, site, device, evidence },
  } as const;
  const { state, position } = await decideOn(deps, oneIds, `oneId-${plan.oneId}`, command, whoOf(caller));
  const number = transactionByTicket(state, ticketHash)?.number;
  if (number === undefined)
    throw new Refused('ticket-used', 'this payment ended a while ago; ask for it by its id', 'gone');
  return { number, position };
}

/** The card's token once the request is on the stream; undefined where somebody ended the payment before it began. */
async function requestPayment(deps: Deps, input: Pay, plan: Plan, opened: Opened): Promise<string | undefined> {
  const { caller, amount, currency } = input;
  const stream = `oneId-${plan.oneId}`;
  const { places } = await load(deps.ledger, oneIds, stream);
  const { token } = await openItem<'CardAdded'>(deps, stream, places, plan.card);
  const pseudonym = await pseudonymFor(deps.keyring, plan.oneId, `merchant-${caller.merchant}`);
  const owner = { oneId: plan.oneId, transaction: opened.number, card: plan.card, pseudonym };
  const { merchant, site, device } = caller;
  const terms = { merchant, site, device, amount, currency, kind: 'sale', owner } as const;
  try {
    await decideOn(
      deps,
      payments,
      plan.payment,
      { type: 'RequestPayment', at: isoNow(deps.clock), ...terms },
      whoOf(caller),
    );
    return token;
  } catch (error) {
    if (error instanceof Refused && (await settled(deps, plan.payment)).phase === 'abandoned') return undefined;
    throw error;
  }
}

async function forward(
  deps: Deps,
  payment: string,
  token: string,
  who: ReturnType<typeof whoOf>,
): Promise<PaymentState> {
  try {
    return await advance(deps, payment, { forwardWith: { token } }, who);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    return settled(deps, payment);
  }
}

async function settled(deps: Deps, payment: string): Promise<PaymentState> {
  return (await load(deps.ledger, payments, payment)).state;
}

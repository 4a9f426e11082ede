import { outcomeOf as outcomeOfPayment } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { cartOf, outcomeOf, totalOf, type CartItem, type VisitState } from '#libs/domain/visit/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { paymentAnswer, type PaymentAnswer } from '../payment/answer.ts';
import { closeTransaction } from '../payment/close.ts';
import { goForward, requestPayment } from '../payment/request.ts';
import { payments, visits } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/** What whoever ends a visit has to know of it. */
export interface Ending {
  readonly oneId: string;
  /** Of the ticket at the way out, or of the request that ends it without one. */
  readonly ticketHash: string;
  readonly number: number;
  readonly visit: string;
  readonly payment: string;
  readonly card: string | null;
}

export interface Left {
  readonly visit: string;
  readonly items: readonly CartItem[];
  readonly total: number;
  /** Absent where nothing was taken. */
  readonly payment?: PaymentAnswer;
  readonly position: bigint;
}

/** Ends a visit and charges what was taken, once, under the transaction that the gate opened. */
export async function endVisit(deps: Deps, ending: Ending, device: string, who: Who): Promise<Left> {
  const command = { type: 'EndVisit', at: isoNow(deps.clock), ticketHash: ending.ticketHash } as const;
  const { state } = await decideOn(deps, visits, ending.visit, command, who);
  if (totalOf(state) === 0) return left(ending, state, await closeUncharged(deps, ending, state, who));
  return charge(deps, ending, state, device, who);
}

async function charge(deps: Deps, ending: Ending, visit: VisitState, device: string, who: Who): Promise<Left> {
  const { state: before } = await load(deps.ledger, payments, ending.payment);
  const payment = outcomeOfPayment(before) === undefined ? await payNow(deps, ending, visit, device, who) : before;
  const outcome = outcomeOfPayment(payment);
  const { position: at } = await load(deps.ledger, payments, ending.payment);
  if (outcome === undefined) return left(ending, visit, at, paymentAnswer(ending.payment, payment, at));
  const command =
    outcome === 'completed'
      ? ({ type: 'RecordVisitCharged', at: isoNow(deps.clock) } as const)
      : ({ type: 'AbandonVisit', at: isoNow(deps.clock), reason: `payment-${outcome}` } as const);
  await decideOn(deps, visits, ending.visit, command, who);
  const position = await closeTransaction(deps, `oneId-${ending.oneId}`, ending.number, outcome, who);
  return left(ending, visit, position, paymentAnswer(ending.payment, payment, position));
}

async function payNow(deps: Deps, ending: Ending, visit: VisitState, device: string, who: Who) {
  if (ending.card === null) throw new Refused('no-card', 'there is no card to pay with');
  const place = 'place' in visit ? visit.place : undefined;
  if (place === undefined) throw new Refused('visit-unknown', 'there is no such visit', 'missing');
  const { merchant, site, currency } = place;
  const terms = { merchant, site, device, amount: totalOf(visit), currency, kind: 'visit' } as const;
  const owner = { oneId: ending.oneId, transaction: ending.number, card: ending.card };
  const token = await requestPayment(deps, ending.payment, terms, owner, who);
  return goForward(deps, ending.payment, token, who);
}

async function closeUncharged(deps: Deps, ending: Ending, visit: VisitState, who: Who): Promise<bigint> {
  // Nothing was taken, so nothing is charged: the payment that the gate reserved can never begin any more.
  const nothing = { type: 'AbandonPayment', at: isoNow(deps.clock), reason: 'nothing-taken' } as const;
  await decideOn(deps, payments, ending.payment, nothing, who);
  return closeTransaction(deps, `oneId-${ending.oneId}`, ending.number, outcomeOf(visit) ?? 'completed', who);
}

function left(ending: Ending, visit: VisitState, position: bigint, payment?: PaymentAnswer): Left {
  const id = ending.visit.slice('visit-'.length);
  const charged = payment === undefined ? {} : { payment };
  return { visit: id, items: cartOf(visit), total: totalOf(visit), ...charged, position };
}

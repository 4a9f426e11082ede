import { outcomeOf as outcomeOfPayment } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { VisitOwner } from '#libs/domain/visit/events.ts';
import { cartOf, outcomeOf, totalOf, type CartItem, type VisitState } from '#libs/domain/visit/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { paymentAnswer, type PaymentAnswer } from '../payment/answer.ts';
import { closeTransaction } from '../payment/close.ts';
import { goForward, requestPayment } from '../payment/request.ts';
import { payments, visits } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { requireOwnerOfVisit } from './owner.ts';

/**
 * The plan of whoever ends a visit. It names the visit alone: whose it is, and its payment, stand sealed in the visit's own
 * stream, so that what is left of a claim after an erasure ties nothing together.
 */
export interface Ending {
  /** Of the ticket at the way out, or of the request that ends it without one. */
  readonly ticketHash: string;
  readonly visit: string;
}

export interface Left {
  readonly visit: string;
  /** `ended`: the charge has no answer yet; ask again. `abandoned`: it came to nothing, as the payment says. */
  readonly phase: VisitState['phase'];
  readonly items: readonly CartItem[];
  readonly total: number;
  /** Absent where nothing was taken. */
  readonly payment?: Omit<PaymentAnswer, 'position'>;
  readonly position: bigint;
}

/** Ends a visit and charges what was taken, once, under the transaction that the gate opened. */
export async function endVisit(deps: Deps, { visit, ticketHash }: Ending, device: string, who: Who): Promise<Left> {
  const owner = await requireOwnerOfVisit(deps, visit);
  const command = { type: 'EndVisit', at: isoNow(deps.clock), ticketHash } as const;
  const { state } = await decideOn(deps, visits, visit, command, who);
  if (totalOf(state) === 0) return left(visit, state, await closeUncharged(deps, owner, state, who));
  return charge(deps, { visit, owner, state, device, who });
}

interface Charging {
  readonly visit: string;
  readonly owner: VisitOwner;
  readonly state: VisitState;
  readonly device: string;
  readonly who: Who;
}

async function charge(deps: Deps, charging: Charging): Promise<Left> {
  const { visit, owner, who } = charging;
  const { state: before } = await load(deps.ledger, payments, owner.payment);
  const payment = outcomeOfPayment(before) === undefined ? await payNow(deps, charging) : before;
  const outcome = outcomeOfPayment(payment);
  const { position: at } = await load(deps.ledger, payments, owner.payment);
  const told = paymentAnswer(owner.payment, payment, at);
  if (outcome === undefined) return left(visit, charging.state, at, told);
  const command =
    outcome === 'completed'
      ? ({ type: 'RecordVisitCharged', at: isoNow(deps.clock) } as const)
      : ({ type: 'AbandonVisit', at: isoNow(deps.clock), reason: `payment-${outcome}` } as const);
  const { state } = await decideOn(deps, visits, visit, command, who);
  return left(
    visit,
    state,
    await closeTransaction(deps, `oneId-${owner.oneId}`, owner.transaction, outcome, who),
    told,
  );
}

async function payNow(deps: Deps, { owner, state, device, who }: Charging) {
  const place = 'place' in state ? state.place : undefined;
  if (place === undefined) throw new Refused('visit-unknown', 'there is no such visit', 'missing');
  const { merchant, site, currency } = place;
  const terms = { merchant, site, device, amount: totalOf(state), currency, kind: 'visit' } as const;
  const { oneId, transaction } = owner;
  const token = await requestPayment(deps, owner.payment, terms, { oneId, transaction }, who);
  return goForward(deps, owner.payment, token, who);
}

async function closeUncharged(deps: Deps, owner: VisitOwner, visit: VisitState, who: Who): Promise<bigint> {
  // Nothing was taken, so nothing is charged: the payment that the gate reserved can never begin any more.
  const nothing = { type: 'AbandonPayment', at: isoNow(deps.clock), reason: 'nothing-taken' } as const;
  await decideOn(deps, payments, owner.payment, nothing, who);
  return closeTransaction(deps, `oneId-${owner.oneId}`, owner.transaction, outcomeOf(visit) ?? 'completed', who);
}

/** What whoever ended it, or asks what came of it, is told. */
export function left(stream: string, visit: VisitState, position: bigint, payment?: PaymentAnswer): Left {
  const { position: _of, ...paid } = payment ?? {};
  return {
    visit: stream.slice('visit-'.length),
    phase: visit.phase,
    items: cartOf(visit),
    total: totalOf(visit),
    ...(payment === undefined ? {} : { payment: paid as Omit<PaymentAnswer, 'position'> }),
    position,
  };
}

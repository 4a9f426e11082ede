import type { PaymentOwner } from '#libs/domain/payment/events.ts';
import type { Dispute, PaymentState, Refund } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { cartOf, type CartItem } from '#libs/domain/visit/state.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { findItem } from '../one-id/items.ts';
import { ownOneId, type Own } from '../one-id/own.ts';
import { payments, visits } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { moneyIn, type Money } from './expense.ts';
import { ownPayment } from './own-payment.ts';
import { shopsOf, type Shop } from './places.ts';
import { idIn, usesOf } from './uses.ts';

/** Amounts in minor units. */
export interface Receipt extends Shop, Money {
  readonly payment: string;
  readonly kind: 'sale' | 'visit';
  readonly at: string;
  readonly device: string;
  /** Why it was declined, voided or refused. */
  readonly reason?: string;
  /** What it was paid with; absent once that card is removed. */
  readonly card?: { readonly brand: string; readonly lastFour: string };
  /** What was taken, where it was a visit. */
  readonly items?: readonly CartItem[];
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** One payment of the member's own, from its own stream. Another's looks like none. */
export async function readReceipt(
  deps: Deps,
  { caller, payment }: { readonly caller: MemberCaller; readonly payment: string },
): Promise<Receipt> {
  const own = await ownOneId(deps, caller);
  const { stream, owner } = await ownPayment(deps, caller, payment);
  const { state } = await load(deps.ledger, payments, stream);
  const money = moneyIn(state);
  if (!('terms' in state) || money === undefined)
    throw new Refused('payment-unknown', 'there is no such payment', 'missing');
  const { merchant, site, device, kind, requestedAt: at } = state.terms;
  const shop = await shopsOf(deps)(merchant, site);
  const more = { ...(await cardOf(deps, own, owner)), ...(await itemsOf(deps, own, owner, kind, at)) };
  return { payment, kind, at, device, ...money, ...shop, ...reasonIn(state), ...more, ...lists(state) };
}

function reasonIn(state: PaymentState): { reason?: string } {
  return 'reason' in state ? { reason: state.reason } : {};
}

function lists(state: PaymentState): Pick<Receipt, 'refunds' | 'disputes'> {
  return state.phase === 'captured'
    ? { refunds: state.refunds, disputes: state.disputes }
    : { refunds: [], disputes: [] };
}

async function cardOf(deps: Deps, { stream, places }: Own, { card }: PaymentOwner): Promise<Pick<Receipt, 'card'>> {
  const sealed = await findItem(deps, stream, places, card);
  if (sealed === undefined) return {};
  return { card: { brand: sealed['brand'] as string, lastFour: sealed['lastFour'] as string } };
}

/** A visit is found by its transaction's number, on the pages around the day that it was charged. */
async function itemsOf(
  deps: Deps,
  { stream }: Own,
  { transaction }: PaymentOwner,
  kind: Receipt['kind'],
  at: string,
): Promise<Pick<Receipt, 'items'>> {
  if (kind !== 'visit') return {};
  const to = new Date(Date.parse(at) + 1).toISOString();
  for await (const uses of usesOf(deps, stream, ['visit'], { to })) {
    const use = uses.find(({ number }) => number === transaction);
    const visit = use === undefined ? undefined : idIn(use, 'visit');
    if (visit === undefined) continue;
    const { state } = await load(deps.ledger, visits, `visit-${visit}`);
    return { items: cartOf(state) };
  }
  return {};
}

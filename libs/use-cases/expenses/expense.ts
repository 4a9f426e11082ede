import { amountsOf, openDispute, type PaymentState } from '#libs/domain/payment/state.ts';
import { never } from '#libs/domain/refused.ts';
import type { PurchaseRow, PurchaseStatus } from '#libs/views/rows.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import type { Shop } from './places.ts';
import { idIn, type Use } from './uses.ts';

/** Amounts in minor units. */
export interface Expense extends Shop {
  readonly payment: string;
  readonly kind: 'sale' | 'visit';
  readonly at: string;
  readonly currency: string;
  readonly status: PurchaseStatus;
  readonly amount: number;
  readonly captured: number;
  readonly refunded: number;
  readonly chargedBack: number;
  /** Under dispute now. */
  readonly disputed: number;
}

export type Money = Pick<
  Expense,
  'currency' | 'status' | 'amount' | 'captured' | 'refunded' | 'chargedBack' | 'disputed'
>;

/**
 * What became of the payments of these uses, in their order: from the view, and from the payment's own stream where the view
 * has not come so far. A use whose payment never began has none.
 */
export async function moneyOf(
  deps: Pick<Deps, 'views' | 'ledger'>,
  uses: readonly Use[],
): Promise<ReadonlyMap<Use, Money>> {
  const ids = uses.flatMap((use) => idIn(use, 'payment') ?? []);
  const rows = new Map((await deps.views.purchases.byPayment(ids)).map((row) => [row.payment, row]));
  const found = new Map<Use, Money>();
  for (const use of uses) {
    const id = idIn(use, 'payment');
    if (id === undefined) continue;
    const row: PurchaseRow | undefined = rows.get(id);
    const money = row ?? moneyIn((await load(deps.ledger, payments, `payment-${id}`)).state);
    if (money !== undefined) found.set(use, money);
  }
  return found;
}

/** The same from the payment's own stream; undefined where it was never requested. */
export function moneyIn(state: PaymentState): Money | undefined {
  if (!('terms' in state)) return undefined;
  const { requested: amount, captured, refunded, chargedBack } = amountsOf(state);
  const disputed = openDispute(state)?.amount ?? 0;
  return { currency: state.terms.currency, status: statusOf(state), amount, captured, refunded, chargedBack, disputed };
}

/** As the view says it, so that a payment reads the same from both. */
function statusOf(state: PaymentState): PurchaseStatus {
  switch (state.phase) {
    case 'captured':
      return standingOf(state);
    case 'capture-refused':
    case 'declined':
      return 'declined';
    case 'voided':
      return 'voided';
    case 'void-requested':
      return state.network === undefined ? 'requested' : 'authorised';
    case 'authorised':
    case 'capture-requested':
      return 'authorised';
    case 'none':
    case 'abandoned':
      return 'abandoned';
    case 'requested':
      return 'requested';
    default:
      return never(state);
  }
}

function standingOf(state: PaymentState): PurchaseStatus {
  const { captured, refunded, chargedBack } = amountsOf(state);
  if (chargedBack > 0) return 'charged-back';
  if (openDispute(state) !== undefined) return 'disputed';
  return refunded >= captured && captured > 0 ? 'refunded' : 'captured';
}

export function expenseOf(use: Use, payment: string, money: Money, shop: Shop): Expense {
  const { currency, status, amount, captured, refunded, chargedBack, disputed } = money;
  const kind = use.kind === 'visit' ? 'visit' : 'sale';
  const spent = { currency, status, amount, captured, refunded, chargedBack, disputed };
  return { payment, kind, at: use.at, ...spent, ...shop };
}

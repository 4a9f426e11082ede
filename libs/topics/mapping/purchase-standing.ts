import { never } from '#libs/domain/refused.ts';
import { amountsOf, type PaymentState } from '#libs/domain/payment/state.ts';
import { PurchaseStatus } from '../generated/palmledger/topics/v1/purchase_pb.js';

/** How a payment stands, as others see it: an intent is no status. */
export function statusOf(state: PaymentState): PurchaseStatus {
  switch (state.phase) {
    case 'none':
      return PurchaseStatus.UNSPECIFIED;
    case 'requested':
      return PurchaseStatus.REQUESTED;
    case 'authorised':
    case 'capture-requested':
      return PurchaseStatus.AUTHORISED;
    case 'void-requested':
      return state.network === undefined ? PurchaseStatus.REQUESTED : PurchaseStatus.AUTHORISED;
    case 'declined':
    case 'capture-refused':
      return PurchaseStatus.DECLINED;
    case 'voided':
      return PurchaseStatus.VOIDED;
    case 'abandoned':
      return PurchaseStatus.ABANDONED;
    case 'captured':
      return statusOfCaptured(state);
    default:
      return never(state);
  }
}

function statusOfCaptured(state: PaymentState): PurchaseStatus {
  const { captured, refunded, chargedBack } = amountsOf(state);
  if (chargedBack > 0) return PurchaseStatus.CHARGED_BACK;
  if (disputedOf(state) > 0) return PurchaseStatus.DISPUTED;
  return refunded >= captured && captured > 0 ? PurchaseStatus.REFUNDED : PurchaseStatus.CAPTURED;
}

/** Minor units of all disputes that nobody has decided yet. */
export function disputedOf(state: PaymentState): number {
  if (state.phase !== 'captured') return 0;
  return state.disputes.reduce((sum, one) => (one.outcome === undefined ? sum + one.amount : sum), 0);
}

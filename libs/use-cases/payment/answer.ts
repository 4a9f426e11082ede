import { amountsOf, type PaymentState } from '#libs/domain/payment/state.ts';

export type PaymentStatus = 'captured' | 'declined' | 'refused' | 'voided' | 'abandoned' | 'unknown';

/** What a till hears. `unknown` is no yes: ask again under the same key, or by the payment's id. Amounts in minor units. */
export interface PaymentAnswer {
  readonly payment: string;
  readonly state: PaymentStatus;
  readonly reason?: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly captured: number;
  readonly refunded: number;
  readonly left: number;
  readonly position: bigint;
}

export function paymentAnswer(stream: string, state: PaymentState, position: bigint): PaymentAnswer {
  const { captured, refunded, left } = amountsOf(state);
  const terms = 'terms' in state ? { amount: state.terms.amount, currency: state.terms.currency } : {};
  const reason = 'reason' in state ? { reason: state.reason } : {};
  const payment = stream.slice('payment-'.length);
  return { payment, state: statusOf(state), ...reason, ...terms, captured, refunded, left, position };
}

function statusOf(state: PaymentState): PaymentStatus {
  switch (state.phase) {
    case 'captured':
    case 'declined':
    case 'voided':
    case 'abandoned':
      return state.phase;
    case 'capture-refused':
      return 'refused';
    // Once the intent is stored the cancel defeats every authorisation: a till may say no.
    case 'void-requested':
      return 'voided';
    default:
      return 'unknown';
  }
}

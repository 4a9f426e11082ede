import { Refused } from '../refused.ts';
import type { CapturedPayment, PaymentState } from './state.ts';

export function notRequested(state: PaymentState): Refused {
  return state.phase === 'abandoned'
    ? new Refused('payment-abandoned', 'The payment was abandoned before it was requested.')
    : new Refused('payment-not-found', 'There is no such payment.', 'missing');
}

export function requireCaptured(state: PaymentState): CapturedPayment {
  if (state.phase === 'captured') return state;
  if (state.phase === 'none') throw notRequested(state);
  throw new Refused('payment-not-captured', 'The payment was not captured.');
}

import type { TransactionOutcome } from '../one-id/events.ts';
import { never } from '../refused.ts';

export interface PaymentTerms {
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly amount: number;
  readonly currency: string;
  readonly kind: 'sale' | 'visit';
  readonly requestedAt: string;
}
export interface Refund {
  readonly refund: string;
  readonly amount: number;
  readonly reason: string;
  readonly status: 'requested' | 'refunded' | 'refused';
}
export interface Dispute {
  readonly dispute: string;
  readonly amount: number;
  readonly outcome?: 'for-member' | 'for-merchant';
  /** What was decided that the member gets back. */
  readonly decidedAmount?: number;
}
export interface ChargeBack {
  readonly dispute: string;
  readonly amount: number;
}
export interface CapturedPayment {
  readonly phase: 'captured';
  readonly terms: PaymentTerms;
  readonly network: string;
  readonly amount: number;
  readonly capturedAt: string;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
  readonly chargeBacks: readonly ChargeBack[];
}
/** `network`: the authorisation's reference at the card network; a void may come before it is known. */
export type PaymentState =
  | { readonly phase: 'none' }
  | { readonly phase: 'abandoned'; readonly reason: string }
  | { readonly phase: 'requested'; readonly terms: PaymentTerms }
  | { readonly phase: 'authorised'; readonly terms: PaymentTerms; readonly network: string }
  | { readonly phase: 'declined'; readonly terms: PaymentTerms; readonly network: string; readonly reason: string }
  | {
      readonly phase: 'capture-requested';
      readonly terms: PaymentTerms;
      readonly network: string;
      readonly amount: number;
    }
  | CapturedPayment
  | {
      readonly phase: 'capture-refused';
      readonly terms: PaymentTerms;
      readonly network: string;
      readonly amount: number;
      readonly reason: string;
    }
  | {
      readonly phase: 'void-requested' | 'voided';
      readonly terms: PaymentTerms;
      readonly network?: string;
      readonly reason: string;
    };

export const noPayment: PaymentState = { phase: 'none' };

/** What whoever finds the payment half-way has to do. Each is safe to do twice: the network knows its steps by their keys. */
export type PaymentStep =
  | { readonly do: 'look-up' }
  | { readonly do: 'capture-or-void' }
  | { readonly do: 'capture'; readonly amount: number }
  | { readonly do: 'cancel' }
  | { readonly do: 'refund'; readonly refund: string; readonly amount: number };

/** In the order in which they began; none where the payment rests. */
export function nextSteps(state: PaymentState): readonly PaymentStep[] {
  switch (state.phase) {
    case 'requested':
      return [{ do: 'look-up' }];
    case 'authorised':
      return [{ do: 'capture-or-void' }];
    case 'capture-requested':
      return [{ do: 'capture', amount: state.amount }];
    case 'void-requested':
      return [{ do: 'cancel' }];
    case 'captured':
      return state.refunds
        .filter(({ status }) => status === 'requested')
        .map(({ refund, amount }) => ({ do: 'refund', refund, amount }));
    case 'none':
    case 'abandoned':
    case 'declined':
    case 'capture-refused':
    case 'voided':
      return [];
    default:
      return never(state);
  }
}

export function nextStep(state: PaymentState): PaymentStep | undefined {
  return nextSteps(state)[0];
}

/** How the One ID's transaction ends because of this payment; undefined while it is open. */
export function outcomeOf(state: PaymentState): TransactionOutcome | undefined {
  switch (state.phase) {
    case 'captured':
      return 'completed';
    case 'declined':
      return 'declined';
    case 'capture-refused':
      return 'refused';
    case 'voided':
      return 'voided';
    case 'abandoned':
      return 'abandoned';
    case 'none':
    case 'requested':
    case 'authorised':
    case 'capture-requested':
    case 'void-requested':
      return undefined;
    default:
      return never(state);
  }
}

/** Minor units of the payment's currency. */
export interface PaymentAmounts {
  readonly requested: number;
  readonly captured: number;
  readonly refunded: number;
  /** Asked of the network and not answered yet. */
  readonly refundPending: number;
  readonly chargedBack: number;
  /** What may still be refunded. */
  readonly left: number;
}

export function amountsOf(state: PaymentState): PaymentAmounts {
  const requested = 'terms' in state ? state.terms.amount : 0;
  if (state.phase !== 'captured')
    return { requested, captured: 0, refunded: 0, refundPending: 0, chargedBack: 0, left: 0 };
  const refunded = sum(state.refunds.filter(({ status }) => status === 'refunded'));
  const refundPending = sum(state.refunds.filter(({ status }) => status === 'requested'));
  const chargedBack = sum(state.chargeBacks);
  // A charge-back is the network's doing and may come on top of a refund: then nothing is left, never less.
  const left = Math.max(0, state.amount - refunded - refundPending - chargedBack);
  return { requested, captured: state.amount, refunded, refundPending, chargedBack, left };
}

export function openDispute(state: PaymentState): Dispute | undefined {
  if (state.phase !== 'captured') return undefined;
  return state.disputes.find(({ outcome }) => outcome === undefined);
}

function sum(parts: readonly { readonly amount: number }[]): number {
  return parts.reduce((total, { amount }) => total + amount, 0);
}

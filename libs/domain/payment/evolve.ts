import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { PaymentEvent } from './events.ts';
import type { CapturedPayment, PaymentState, Refund } from './state.ts';

/** An event that does not follow from the state leaves it as it is: the deciders never write one. */
export function evolve(state: PaymentState, event: Folded<PaymentEvent>): PaymentState {
  switch (event.type) {
    case 'PaymentRequested':
      return state.phase === 'none' ? { phase: 'requested', terms: { ...event.clear, requestedAt: event.at } } : state;
    case 'PaymentAbandoned':
      return state.phase === 'none' ? { phase: 'abandoned', reason: event.clear.reason } : state;
    case 'PaymentAuthorised':
      return state.phase === 'requested'
        ? { phase: 'authorised', terms: state.terms, network: event.clear.network }
        : state;
    case 'PaymentDeclined':
      return state.phase === 'requested' ? { phase: 'declined', terms: state.terms, ...event.clear } : state;
    case 'CaptureRequested':
      return state.phase === 'authorised' ? { ...state, phase: 'capture-requested', ...event.clear } : state;
    case 'PaymentCaptured':
      return state.phase === 'capture-requested'
        ? {
            ...state,
            phase: 'captured',
            amount: event.clear.amount,
            capturedAt: event.at,
            refunds: [],
            disputes: [],
            chargeBacks: [],
          }
        : state;
    case 'CaptureRefused':
      return state.phase === 'capture-requested' ? { ...state, phase: 'capture-refused', ...event.clear } : state;
    case 'VoidRequested':
      return state.phase === 'requested' || state.phase === 'authorised'
        ? { ...state, phase: 'void-requested', reason: event.clear.reason }
        : state;
    case 'PaymentVoided':
      return state.phase === 'void-requested' ? { ...state, phase: 'voided' } : state;
    case 'RefundRequested':
    case 'PaymentRefunded':
    case 'RefundRefused':
    case 'PaymentDisputed':
    case 'DisputeDecided':
    case 'ChargedBack':
      return state.phase === 'captured' ? evolveCaptured(state, event) : state;
    default:
      return never(event);
  }
}

type AfterCapture = Extract<
  Folded<PaymentEvent>,
  {
    type:
      'RefundRequested' | 'PaymentRefunded' | 'RefundRefused' | 'PaymentDisputed' | 'DisputeDecided' | 'ChargedBack';
  }
>;

function evolveCaptured(state: CapturedPayment, event: AfterCapture): CapturedPayment {
  switch (event.type) {
    case 'RefundRequested':
      return { ...state, refunds: [...state.refunds, { ...event.clear, status: 'requested' }] };
    case 'PaymentRefunded':
      return { ...state, refunds: withStatus(state.refunds, event.clear.refund, 'refunded') };
    case 'RefundRefused':
      return { ...state, refunds: withStatus(state.refunds, event.clear.refund, 'refused') };
    case 'PaymentDisputed':
      return { ...state, disputes: [...state.disputes, event.clear] };
    case 'DisputeDecided': {
      const { dispute, outcome, amount } = event.clear;
      const decided = state.disputes.map((one) =>
        one.dispute === dispute ? { ...one, outcome, decidedAmount: amount } : one,
      );
      return { ...state, disputes: decided };
    }
    case 'ChargedBack': {
      const { dispute, amount } = event.clear;
      return { ...state, chargeBacks: [...state.chargeBacks, { dispute, amount }] };
    }
    default:
      return never(event);
  }
}

function withStatus(refunds: readonly Refund[], refund: string, status: Refund['status']): readonly Refund[] {
  return refunds.map((one) => (one.refund === refund ? { ...one, status } : one));
}

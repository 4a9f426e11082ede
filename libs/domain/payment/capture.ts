import { requireAmount } from '../money.ts';
import { never, Refused } from '../refused.ts';
import type { RecordCaptureRefused, RequestCapture, RequestVoid } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import { notRequested } from './refusals.ts';
import type { PaymentState } from './state.ts';

export function requestCapture(command: RequestCapture, state: PaymentState): readonly PaymentEvent[] {
  switch (state.phase) {
    case 'authorised':
      return captureOf(command.amount ?? state.terms.amount, state.terms.amount);
    case 'capture-requested':
    case 'captured':
    case 'capture-refused':
      if ((command.amount ?? state.terms.amount) === state.amount) return [];
      throw new Refused('capture-already-requested', 'The capture was requested with another amount.');
    case 'requested':
      throw new Refused('payment-not-authorised', 'The payment is not authorised yet.');
    case 'declined':
      throw new Refused('payment-declined', 'The payment was declined.');
    case 'void-requested':
    case 'voided':
      throw new Refused('payment-voided', 'The payment is being voided, or was.');
    case 'none':
    case 'abandoned':
      throw notRequested(state);
    default:
      return never(state);
  }
}

function captureOf(amount: number, authorised: number): readonly PaymentEvent[] {
  requireAmount(amount);
  if (amount > authorised)
    throw new Refused('capture-too-large', 'No more can be captured than was authorised.', 'invalid', { authorised });
  return [{ type: 'CaptureRequested', clear: { amount } }];
}

export function recordCaptured(state: PaymentState): readonly PaymentEvent[] {
  if (state.phase === 'captured') return [];
  if (state.phase === 'capture-requested') return [{ type: 'PaymentCaptured', clear: { amount: state.amount } }];
  throw captureNotPending(state);
}

export function recordCaptureRefused({ reason }: RecordCaptureRefused, state: PaymentState): readonly PaymentEvent[] {
  if (state.phase === 'capture-refused') return [];
  if (state.phase === 'capture-requested') return [{ type: 'CaptureRefused', clear: { amount: state.amount, reason } }];
  throw captureNotPending(state);
}

function captureNotPending(state: PaymentState): Refused {
  if (state.phase === 'none' || state.phase === 'abandoned') return notRequested(state);
  if (state.phase === 'capture-refused') return new Refused('capture-refused', 'The capture was refused.');
  if (state.phase === 'captured') return new Refused('payment-already-captured', 'The payment was captured.');
  return new Refused('capture-not-requested', 'No capture was requested.');
}

/** Before the capture's intent only: after it a payment goes forward, and back by refund. */
export function requestVoid({ reason }: RequestVoid, state: PaymentState): readonly PaymentEvent[] {
  switch (state.phase) {
    case 'requested':
    case 'authorised':
      return [{ type: 'VoidRequested', clear: { reason } }];
    case 'void-requested':
    case 'voided':
      return [];
    case 'declined':
      throw new Refused('payment-declined', 'The payment was declined.');
    case 'capture-requested':
    case 'captured':
    case 'capture-refused':
      throw new Refused('capture-already-requested', 'The capture was requested; what was captured can be refunded.');
    case 'none':
    case 'abandoned':
      throw notRequested(state);
    default:
      return never(state);
  }
}

export function recordVoided(state: PaymentState): readonly PaymentEvent[] {
  if (state.phase === 'voided') return [];
  if (state.phase === 'void-requested') return [{ type: 'PaymentVoided', clear: { reason: state.reason } }];
  if (state.phase === 'none' || state.phase === 'abandoned') throw notRequested(state);
  throw new Refused('void-not-requested', 'No void was requested.');
}

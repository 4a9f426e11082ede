import { requireAmount } from '../money.ts';
import { Refused } from '../refused.ts';
import type { RecordRefunded, RecordRefundRefused, RequestRefund } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import { requireCaptured } from './refusals.ts';
import { amountsOf } from './state.ts';
import type { PaymentState, Refund } from './state.ts';

/** Keeps a payment's stream short enough to load. */
export const maxRefunds = 100;

export function requestRefund(command: RequestRefund, state: PaymentState): readonly PaymentEvent[] {
  const { refund, amount, reason } = command;
  const captured = requireCaptured(state);
  const known = captured.refunds.find((one) => one.refund === refund);
  if (known?.amount === amount) return [];
  if (known) throw referenceUsed();
  requireAmount(amount);
  requireLeft(amount, state);
  if (captured.refunds.length >= maxRefunds)
    throw new Refused('too-many-refunds', `A payment takes at most ${maxRefunds} refunds.`);
  return [{ type: 'RefundRequested', clear: { refund, amount, reason } }];
}

export function recordRefunded({ refund }: RecordRefunded, state: PaymentState): readonly PaymentEvent[] {
  const { amount, reason, status } = requireRefund(refund, state);
  if (status === 'refunded') return [];
  if (status === 'refused') throw new Refused('refund-already-refused', 'The refund was refused.');
  return [{ type: 'PaymentRefunded', clear: { refund, amount, reason } }];
}

export function recordRefundRefused(
  { refund, reason }: RecordRefundRefused,
  state: PaymentState,
): readonly PaymentEvent[] {
  const { amount, status } = requireRefund(refund, state);
  if (status === 'refused') return [];
  if (status === 'refunded') throw new Refused('refund-already-made', 'The refund was made.');
  return [{ type: 'RefundRefused', clear: { refund, amount, reason } }];
}

/** What was refunded, or is on its way, and what was charged back never come to more than was captured. */
export function requireLeft(amount: number, state: PaymentState): void {
  const { left } = amountsOf(state);
  if (amount <= left) return;
  throw new Refused('refund-too-large', 'No more can be refunded than is left of what was captured.', 'conflict', {
    left,
  });
}

export function referenceUsed(): Refused {
  return new Refused('refund-reference-used', 'The reference belongs to another refund of this payment.');
}

function requireRefund(refund: string, state: PaymentState): Refund {
  const known = requireCaptured(state).refunds.find((one) => one.refund === refund);
  if (known) return known;
  throw new Refused('refund-not-found', 'There is no such refund.', 'missing');
}

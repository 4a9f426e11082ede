import { requireAmount } from '../money.ts';
import { Refused } from '../refused.ts';
import type { DecideDispute, DisputePayment, RecordChargedBack } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import { referenceUsed, requireLeft } from './refund.ts';
import { requireCaptured } from './refusals.ts';
import { amountsOf, openDispute } from './state.ts';
import type { CapturedPayment, Dispute, PaymentState } from './state.ts';

/** From the capture on. */
export const disputeDays = 120;
export const maxDisputes = 20;

export function disputePayment(command: DisputePayment, state: PaymentState): readonly PaymentEvent[] {
  const { dispute, amount, said, who } = command;
  const captured = requireCaptured(state);
  const known = captured.disputes.find((one) => one.dispute === dispute);
  if (known?.amount === amount) return [];
  if (known) throw new Refused('dispute-reference-used', 'The reference belongs to another dispute of this payment.');
  if (openDispute(state)) throw new Refused('dispute-open', 'The payment is disputed already.');
  if (captured.disputes.length >= maxDisputes)
    throw new Refused('too-many-disputes', `A payment takes at most ${maxDisputes} disputes.`);
  requireInTime(command.at, captured);
  requireAmount(amount);
  const { left } = amountsOf(state);
  if (amount > left)
    throw new Refused('dispute-too-large', 'No more can be disputed than is left of what was captured.', 'conflict', {
      left,
    });
  return [{ type: 'PaymentDisputed', clear: { dispute, amount }, sealed: { said, who } }];
}

function requireInTime(at: string, { capturedAt }: CapturedPayment): void {
  const last = Date.parse(capturedAt) + disputeDays * 86_400_000;
  if (Date.parse(at) <= last) return;
  throw new Refused('dispute-too-late', `A payment can be disputed for ${disputeDays} days after its capture.`);
}

export function decideDispute(command: DecideDispute, state: PaymentState): readonly PaymentEvent[] {
  const { dispute, outcome, amount, refund, said, who } = command;
  const captured = requireCaptured(state);
  const known = captured.disputes.find((one) => one.dispute === dispute);
  if (!known) throw new Refused('dispute-not-found', 'There is no such dispute.', 'missing');
  if (known.outcome !== undefined) {
    if (known.outcome === outcome && known.decidedAmount === amount) return [];
    throw new Refused('dispute-already-decided', 'The dispute was decided otherwise.');
  }
  requireAward(command, known, state);
  const decided: PaymentEvent = {
    type: 'DisputeDecided',
    clear: { dispute, outcome, amount },
    sealed: { said, who },
  };
  if (amount === 0) return [decided];
  if (captured.refunds.some((one) => one.refund === refund)) throw referenceUsed();
  return [decided, { type: 'RefundRequested', clear: { refund, amount, reason: 'dispute' } }];
}

/** For the merchant nothing goes back; for the member something does, unless everything has gone back already. */
function requireAward({ outcome, amount }: DecideDispute, dispute: Dispute, state: PaymentState): void {
  const nothing = outcome === 'for-merchant' || amountsOf(state).left === 0;
  if (nothing && amount === 0) return;
  if (outcome === 'for-merchant')
    throw new Refused('invalid-amount', 'A dispute decided for the merchant gives nothing back.', 'invalid');
  requireAmount(amount);
  if (amount > dispute.amount)
    throw new Refused('award-too-large', 'No more can be given back than was disputed.', 'invalid', {
      disputed: dispute.amount,
    });
  requireLeft(amount, state);
}

/** The network's own doing: it is told, not asked, also when refunds are under way, and long after the member is gone. */
export function recordChargedBack(command: RecordChargedBack, state: PaymentState): readonly PaymentEvent[] {
  const { dispute, amount, reason } = command;
  const captured = requireCaptured(state);
  const known = captured.chargeBacks.find((one) => one.dispute === dispute);
  if (known?.amount === amount) return [];
  if (known) throw new Refused('charge-back-reference-used', 'The reference belongs to another charge-back.');
  requireAmount(amount);
  if (amountsOf(state).chargedBack + amount > captured.amount)
    throw new Refused('charge-back-too-large', 'No more can be charged back than was captured.', 'invalid');
  return [{ type: 'ChargedBack', clear: { dispute, amount, reason } }];
}

import { outcomeOf } from '#libs/domain/payment/state.ts';
import type { TransactionOutcome } from '#libs/domain/one-id/events.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { advance } from './advance.ts';

/**
 * Brings a payment that was left half-way to its end without anybody: abandoned where it was never requested, taken back
 * before a capture was requested, carried forward after it. Throws the network's `OutcomeUnknown`: then later again.
 */
export async function settlePayment(deps: Deps, payment: string, who: Who): Promise<TransactionOutcome> {
  const { state } = await load(deps.ledger, payments, payment);
  if (state.phase === 'none') {
    const command = { type: 'AbandonPayment', at: isoNow(deps.clock), reason: 'left-half-way' } as const;
    const abandoned = await decideOn(deps, payments, payment, command, who);
    return outcomeOf(abandoned.state) ?? 'abandoned';
  }
  const settled = outcomeOf(await advance(deps, payment, 'back', who));
  if (settled === undefined) throw new Error('a payment that rests has an outcome');
  return settled;
}

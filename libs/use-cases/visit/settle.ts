import type { TransactionOutcome } from '#libs/domain/one-id/events.ts';
import { Refused } from '#libs/domain/refused.ts';
import { outcomeOf } from '#libs/domain/visit/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { settlePayment } from '../payment/settle.ts';
import { visits } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/** A visit that nobody ended in time, or whose charge was left half-way: its payment is settled first, then the visit. */
export async function settleVisit(deps: Deps, visit: string, payment: string, who: Who): Promise<TransactionOutcome> {
  const paid = await settlePayment(deps, payment, who);
  const at = isoNow(deps.clock);
  const command =
    paid === 'completed'
      ? ({ type: 'RecordVisitCharged', at } as const)
      : ({ type: 'AbandonVisit', at, reason: 'left-half-way' } as const);
  try {
    await decideOn(deps, visits, visit, command, who);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  const { state } = await load(deps.ledger, visits, visit);
  return paid === 'abandoned' ? (outcomeOf(state) ?? paid) : paid;
}

import { outcomeOf } from '#libs/domain/payment/state.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { paymentAnswer } from '../payment/answer.ts';
import { payments, visits } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { left, type Left } from './end.ts';
import { requireOwnVisit } from './items.ts';
import { ownerOfVisit } from './owner.ts';

/** What became of a visit, from its own stream and its payment's: for a gate that heard "unknown". It moves nothing on. */
export async function readVisit(
  deps: Deps,
  { caller, visit }: { readonly caller: DeviceCaller; readonly visit: string },
): Promise<Left> {
  const stream = await requireOwnVisit(deps, caller.merchant, visit);
  const [{ state, position }, owner] = await Promise.all([
    load(deps.ledger, visits, stream),
    ownerOfVisit(deps, stream),
  ]);
  if (owner === undefined) return left(stream, state, position);
  const paid = await load(deps.ledger, payments, owner.payment);
  if (paid.state.phase === 'none' || (outcomeOf(paid.state) === 'abandoned' && state.phase !== 'abandoned'))
    return left(stream, state, position);
  return left(stream, state, position, paymentAnswer(owner.payment, paid.state, paid.position));
}

import type { TransactionOutcome } from '#libs/domain/one-id/events.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/** Ends a transaction on the One ID. Somebody who ended it before, or an erasure since, is as good. Answers with the position. */
export async function closeTransaction(
  deps: Deps,
  oneId: string,
  number: number,
  outcome: TransactionOutcome,
  who: Who,
): Promise<bigint> {
  try {
    const command = { type: 'CloseTransaction', at: isoNow(deps.clock), number, outcome } as const;
    return (await decideOn(deps, oneIds, oneId, command, who)).position;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return (await load(deps.ledger, oneIds, oneId)).position;
  }
}

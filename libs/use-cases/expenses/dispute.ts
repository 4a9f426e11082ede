import { amountsOf } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { callerId, whoOf } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import type { Asking } from '../one-id/once.ts';
import { payments } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { ownPayment } from './own-payment.ts';

export interface DisputePayment extends Asking {
  readonly payment: string;
  /** In the member's own words; sealed under the dispute's own key. */
  readonly said: string;
  /** Minor units; all that is left unless stated. */
  readonly amount?: number | undefined;
}

export interface Disputed {
  readonly dispute: string;
  readonly amount: number;
  readonly position: bigint;
}

/** "That was not me." An admin decides on it, with what the recognition rested on, which stays sealed with the transaction. */
export async function disputeOwnPayment(deps: Deps, input: DisputePayment): Promise<Disputed> {
  const { caller, request, payment, said } = input;
  const { stream } = await ownPayment(deps, caller, payment);
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => {
    const { state } = await load(deps.ledger, payments, stream);
    const amount = input.amount ?? amountsOf(state).left;
    if (amount === 0) throw new Refused('nothing-to-dispute', 'Nothing is left of this payment to dispute.');
    return { dispute: newId(), amount };
  });
  const { dispute, amount } = plan;
  await deps.keyring.make([`${stream}/${dispute}`]);
  const about = { dispute, amount, said, who: callerId(caller) };
  const command = { type: 'DisputePayment', at: isoNow(deps.clock), ...about } as const;
  const { position } = await decideOn(deps, payments, stream, command, who);
  return { dispute, amount, position };
}

import { OutcomeUnknown } from '#libs/card-network/port.ts';
import { amountsOf } from '#libs/domain/payment/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { callerId, whoOf } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { advance } from '../payment/advance.ts';
import { paymentAnswer, type PaymentAnswer } from '../payment/answer.ts';
import { payments } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { ownerOf, unknownDispute, type OfDispute } from './disputes.ts';

export interface DecideDispute extends OfDispute {
  readonly request: Request;
  readonly outcome: 'for-member' | 'for-merchant';
  /** Minor units that the member gets back; all that was disputed unless stated. Nothing where it is for the merchant. */
  readonly amount?: number | undefined;
  /** Why; sealed under the dispute's own key. */
  readonly said: string;
}

/**
 * For the member, the refund's intent stands in the same append as the decision; then it is carried out as far as the card
 * network answers, and by whoever settles otherwise.
 */
export async function decideDispute(deps: Deps, input: DecideDispute): Promise<PaymentAnswer> {
  const { caller, request, dispute, outcome, said } = input;
  const who = whoOf(caller);
  const stream = `payment-${input.payment}`;
  const { plan } = await claim(deps, request, who, async () => {
    const { state } = await load(deps.ledger, payments, stream);
    const found = state.phase === 'captured' ? state.disputes.find((one) => one.dispute === dispute) : undefined;
    if (found === undefined) throw unknownDispute();
    const most = outcome === 'for-merchant' ? 0 : Math.min(found.amount, amountsOf(state).left);
    return { refund: newId(), amount: input.amount ?? most };
  });
  const { refund, amount } = plan;
  if (amount > 0) await deps.keyring.make([`${stream}/${refund}`]);
  const about = { dispute, outcome, amount, refund, said, who: callerId(caller) };
  await decideOn(deps, payments, stream, { type: 'DecideDispute', at: isoNow(deps.clock), ...about }, who);
  try {
    await advance(deps, stream, 'back', who);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
  }
  await toldMember(deps, stream, dispute, outcome);
  const { state, position } = await load(deps.ledger, payments, stream);
  return paymentAnswer(stream, state, position);
}

async function toldMember(
  deps: Deps,
  stream: string,
  dispute: string,
  outcome: DecideDispute['outcome'],
): Promise<void> {
  const owner = await ownerOf(deps, stream);
  if (owner === undefined) return;
  const values = { outcome: outcome === 'for-member' ? 'accepted' : 'rejected' } as const;
  await tell(deps, `oneId-${owner.oneId}`, `dispute-decided/${dispute}`, 'dispute-decided', values);
}

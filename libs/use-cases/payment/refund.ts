import { OutcomeUnknown } from '#libs/card-network/port.ts';
import type { PaymentState } from '#libs/domain/payment/state.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { advance } from './advance.ts';
import { paymentAnswer, type PaymentAnswer } from './answer.ts';
import { requireOwnPayment } from './own.ts';

export interface Refund {
  readonly caller: DeviceCaller | PrincipalCaller;
  readonly request: Request;
  readonly payment: string;
  /** Minor units; not above what is left. */
  readonly amount: number;
  readonly reason: string;
}

export interface RefundAnswer extends PaymentAnswer {
  readonly refund: string;
  /** `unknown`: the network gave no answer; ask again under the same key. It is carried out without it, too. */
  readonly refundState: 'refunded' | 'refused' | 'unknown';
}

/** Gives money back, in part or whole, by the network's own reference: also when the member is long gone. */
export async function refundPayment(deps: Deps, input: Refund): Promise<RefundAnswer> {
  const { caller, request, amount, reason } = input;
  const payment = await requireOwnPayment(deps, caller, input.payment);
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ refund: newId() }));
  const { refund } = plan;
  // A key of its own, since the payment's may be gone with the person.
  await deps.keyring.make([`${payment}/${refund}`]);
  const command = { type: 'RequestRefund', at: isoNow(deps.clock), refund, amount, reason } as const;
  await decideOn(deps, payments, payment, command, who);
  try {
    await advance(deps, payment, 'back', who);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
  }
  const { state, position } = await load(deps.ledger, payments, payment);
  return { ...paymentAnswer(payment, state, position), refund, refundState: stateOfRefund(state, refund) };
}

function stateOfRefund(state: PaymentState, refund: string): RefundAnswer['refundState'] {
  const made = state.phase === 'captured' ? state.refunds.find((one) => one.refund === refund) : undefined;
  return made === undefined || made.status === 'requested' ? 'unknown' : made.status;
}

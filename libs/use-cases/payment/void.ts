import { OutcomeUnknown } from '#libs/card-network/port.ts';
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

export interface Void {
  readonly caller: DeviceCaller | PrincipalCaller;
  readonly request: Request;
  readonly payment: string;
  readonly reason: string;
}

/** Takes a payment back before it is captured. What is captured can only be refunded (`payment-captured`). */
export async function voidPayment(deps: Deps, { caller, request, reason, ...input }: Void): Promise<PaymentAnswer> {
  const payment = await requireOwnPayment(deps, caller, input.payment);
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ payment }));
  await decideOn(deps, payments, payment, { type: 'RequestVoid', at: isoNow(deps.clock), reason }, who);
  try {
    await advance(deps, payment, 'back', who);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
  }
  const { state, position } = await load(deps.ledger, payments, payment);
  return paymentAnswer(payment, state, position);
}

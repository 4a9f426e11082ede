import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { paymentAnswer, type PaymentAnswer } from './answer.ts';
import { requireOwnPayment } from './own.ts';

/** What became of a payment, from its own stream: for a till that heard "unknown". */
export async function readPayment(
  deps: Deps,
  { caller, payment }: { readonly caller: DeviceCaller | PrincipalCaller; readonly payment: string },
): Promise<PaymentAnswer> {
  const stream = await requireOwnPayment(deps, caller, payment);
  const { state, position } = await load(deps.ledger, payments, stream);
  return paymentAnswer(stream, state, position);
}

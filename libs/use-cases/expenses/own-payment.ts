import type { PaymentOwner } from '#libs/domain/payment/events.ts';
import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';

/** The owner part of the member's own payment; another's looks like none. */
export async function ownPayment(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  { oneId }: MemberCaller,
  payment: string,
): Promise<{ readonly stream: string; readonly owner: PaymentOwner }> {
  const stream = `payment-${payment}`;
  const records = await deps.ledger.readStream(stream, { limit: 1 });
  const [event] = await open(deps.keyring, records);
  const owner = event?.type === 'PaymentRequested' ? event.sealed : undefined;
  if (owner === undefined || owner === 'gone' || owner['oneId'] !== oneId)
    throw new Refused('payment-unknown', 'there is no such payment', 'missing');
  return { stream, owner: owner as unknown as PaymentOwner };
}

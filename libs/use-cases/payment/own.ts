import { Refused } from '#libs/domain/refused.ts';
import type { DeviceCaller, PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { payments } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

/** The payment's stream where it is this merchant's; another's payment looks like none. Throws `payment-unknown`. */
export async function requireOwnPayment(
  deps: Pick<Deps, 'ledger'>,
  caller: DeviceCaller | PrincipalCaller,
  payment: string,
): Promise<string> {
  const stream = `payment-${payment}`;
  const { state } = await load(deps.ledger, payments, stream);
  if ('terms' in state && caller.merchant !== undefined && state.terms.merchant === caller.merchant) return stream;
  throw new Refused('payment-unknown', 'there is no such payment', 'missing');
}

import { OutcomeUnknown } from '#libs/card-network/port.ts';
import type { PaymentOwner } from '#libs/domain/payment/events.ts';
import type { PaymentState } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { openItem } from '../one-id/items.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { oneIds, payments } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { advance } from './advance.ts';

export interface PaymentTerms {
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly amount: number;
  readonly currency: string;
  readonly kind: 'sale' | 'visit';
}

/**
 * Puts the intent on the payment's stream and answers with the card's token for the network; undefined where somebody ended
 * the payment before it began, who then wins.
 */
export async function requestPayment(
  deps: Deps,
  payment: string,
  terms: PaymentTerms,
  owned: Omit<PaymentOwner, 'pseudonym'>,
  who: Who,
): Promise<string | undefined> {
  const stream = `oneId-${owned.oneId}`;
  const { places } = await load(deps.ledger, oneIds, stream);
  const { token } = await openItem<'CardAdded'>(deps, stream, places, owned.card);
  const pseudonym = await pseudonymFor(deps.keyring, owned.oneId, `merchant-${terms.merchant}`);
  const command = { type: 'RequestPayment', at: isoNow(deps.clock), ...terms, owner: { ...owned, pseudonym } } as const;
  try {
    await decideOn(deps, payments, payment, command, who);
    return token;
  } catch (error) {
    if (error instanceof Refused && (await stateOf(deps, payment)).phase === 'abandoned') return undefined;
    throw error;
  }
}

/** As far forward as the network answers. Where it gave no answer, the state as it stands. */
export async function goForward(
  deps: Deps,
  payment: string,
  token: string | undefined,
  who: Who,
): Promise<PaymentState> {
  if (token === undefined) return stateOf(deps, payment);
  try {
    return await advance(deps, payment, { forwardWith: { token } }, who);
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) throw error;
    return stateOf(deps, payment);
  }
}

async function stateOf(deps: Deps, payment: string): Promise<PaymentState> {
  return (await load(deps.ledger, payments, payment)).state;
}

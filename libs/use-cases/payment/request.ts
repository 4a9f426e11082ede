import { OutcomeUnknown } from '#libs/card-network/port.ts';
import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import type { PaymentState } from '#libs/domain/payment/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { open } from '#libs/event-codec/codec.ts';
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

/** Whose transaction pays. `card`: the one that was planned; where it was removed meanwhile, or none was, the default of now. */
export interface Payer {
  readonly oneId: string;
  readonly transaction: number;
  readonly card?: string;
}

/**
 * Puts the intent on the payment's stream and answers with the card's token for the network; undefined where somebody ended
 * the payment before it began, who then wins, or where there is no card any more, which ends it as well.
 */
export async function requestPayment(
  deps: Deps,
  payment: string,
  terms: PaymentTerms,
  payer: Payer,
  who: Who,
): Promise<string | undefined> {
  const stream = `oneId-${payer.oneId}`;
  const { state, places } = await load(deps.ledger, oneIds, stream);
  const wished = cardOf(state, payer.card);
  const card = (await cardInUse(deps, payment)) ?? wished;
  if (card === undefined) return abandon(deps, payment, who);
  const { token } = await openItem<'CardAdded'>(deps, stream, places, card);
  const pseudonym = await pseudonymFor(deps.keyring, payer.oneId, `merchant-${terms.merchant}`);
  const { oneId, transaction } = payer;
  const owner = { oneId, transaction, card, pseudonym };
  const command = { type: 'RequestPayment', at: isoNow(deps.clock), ...terms, owner } as const;
  try {
    const { events } = await decideOn(deps, payments, payment, command, who);
    if (events.length > 0) return token;
  } catch (error) {
    if (error instanceof Refused && (await stateOf(deps, payment)).phase === 'abandoned') return undefined;
    throw error;
  }
  // It was requested before, perhaps by who saw another card as the default: the network knows it by that card's token.
  const requested = await cardInUse(deps, payment);
  if (requested === undefined || requested === card) return token;
  return (await openItem<'CardAdded'>(deps, stream, places, requested)).token;
}

function cardOf(state: OneIdState, planned: string | undefined): string | undefined {
  if (!isLiving(state)) return undefined;
  return planned !== undefined && state.cards.includes(planned) ? planned : (state.defaultCard ?? undefined);
}

/** The card that the payment was requested with; undefined where it was not, or its key is gone. */
async function cardInUse(deps: Deps, payment: string): Promise<string | undefined> {
  const [first] = await deps.ledger.readStream(payment, { limit: 1 });
  const [event] = first?.type === 'PaymentRequested' ? await open(deps.keyring, [first]) : [];
  return event?.sealed === undefined || event.sealed === 'gone' ? undefined : (event.sealed['card'] as string);
}

async function abandon(deps: Deps, payment: string, who: Who): Promise<undefined> {
  const command = { type: 'AbandonPayment', at: isoNow(deps.clock), reason: 'no-card' } as const;
  await decideOn(deps, payments, payment, command, who);
  return undefined;
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

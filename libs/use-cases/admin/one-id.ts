import { expiresOn } from '#libs/domain/one-id/expiry.ts';
import { isLiving, type Living, type WaitingChange } from '#libs/domain/one-id/state.ts';
import type { Hand } from '#libs/domain/values.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { PrincipalCaller } from '../callers.ts';
import { masked } from '../contacts/masked.ts';
import type { Deps } from '../deps.ts';
import { recordLook, type AskedFor } from '../look/record.ts';
import { findItem } from '../one-id/items.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load, type Places } from '../stream/load.ts';

/** What an admin sees of a One ID: how it stands, with numbers masked; never a token, an account or a use. */
export interface OneIdShown {
  readonly oneId: string;
  readonly look: string;
  readonly status: Living['status'];
  readonly paused: boolean;
  readonly suspended: boolean;
  readonly consent: string | null;
  readonly palms: readonly { readonly palm: string; readonly hand: Hand; readonly state: string }[];
  readonly cards: readonly { readonly card: string; readonly brand?: string; readonly lastFour?: string }[];
  readonly phones: readonly { readonly phone: string; readonly verified: boolean; readonly number?: string }[];
  readonly credentials: readonly { readonly credential: string; readonly kind: string }[];
  readonly linked: boolean;
  readonly openTransactions: readonly { readonly number: number; readonly kind: string; readonly settleBy: string }[];
  readonly changes: readonly WaitingChange[];
  readonly holds: readonly string[];
  readonly lastDeviceAt: string;
  readonly expiresOn: string;
}

export interface LookAt {
  readonly caller: PrincipalCaller;
  readonly oneId: string;
  readonly reason: string;
}

/** A One ID by its id. The member sees that it was looked at, by whom and why. */
export async function lookAtOneId(deps: Deps, { caller, oneId, reason }: LookAt): Promise<OneIdShown> {
  return shownOneId(deps, { caller, oneId, reason, askedFor: 'account' });
}

/** The same for whoever came to it otherwise; `look` from a plan where the request may be repeated. */
export async function shownOneId(
  deps: Deps,
  looking: LookAt & { readonly askedFor: AskedFor; readonly look?: string },
): Promise<OneIdShown> {
  const { look } = await recordLook(deps, looking);
  const { oneId } = looking;
  const stream = `oneId-${oneId}`;
  const { state, places } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) throw new Refused('one-id-closed', 'This One ID is closed.', 'gone');
  return { oneId, look, ...standing(state), ...(await items(deps, stream, state, places)) };
}

function standing(state: Living) {
  const { status, paused, suspended, consent, holds, lastDeviceAt, waitingChanges } = state;
  const openTransactions = state.transactions.open.map(({ number, kind, settleBy }) => ({ number, kind, settleBy }));
  const palms = state.palms.map(({ palm, hand, condition }) => ({ palm, hand, state: condition }));
  const { credentials, link } = state;
  return {
    ...{ status, paused, suspended, consent, palms, credentials, linked: link !== null, openTransactions },
    ...{ changes: waitingChanges, holds, lastDeviceAt, expiresOn: expiresOn(state) },
  };
}

/** As their keys open them today. */
async function items(deps: Deps, stream: string, state: Living, places: Places) {
  const cards = state.cards.map(async (card) => {
    const sealed = await findItem(deps, stream, places, card);
    if (sealed === undefined) return { card };
    return { card, brand: sealed['brand'] as string, lastFour: sealed['lastFour'] as string };
  });
  const phones = state.phones.map(async ({ phone, verified }) => {
    const sealed = await findItem(deps, stream, places, phone);
    return sealed === undefined ? { phone, verified } : { phone, verified, number: masked(sealed['number'] as string) };
  });
  return { cards: await Promise.all(cards), phones: await Promise.all(phones) };
}

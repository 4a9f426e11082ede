import { isLiving, type Living, type OneIdState } from '#libs/domain/one-id/state.ts';
import { masked } from '../contacts/masked.ts';
import type { Deps } from '../deps.ts';
import { findItem } from '../one-id/items.ts';
import type { Loaded } from '../stream/load.ts';

/** What was known of an account then. `gone`: it was there, and its key has been destroyed since. */
export interface AccountState {
  readonly status: OneIdState['status'];
  readonly paused?: boolean;
  readonly suspended?: boolean;
  readonly consent?: string | null;
  readonly palms?: readonly object[];
  readonly cards?: readonly object[];
  readonly phones?: readonly object[];
  readonly link?: object | null;
  readonly credentials?: readonly object[];
  readonly openTransactions?: readonly object[];
  readonly changes?: readonly object[];
  readonly holds?: readonly string[];
  readonly lastDeviceAt?: string;
}

/** A state as of then, with what its keys open today. Phone numbers are masked: who needs them whole asks for an export. */
export async function accountState(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
  { state, places }: Loaded<OneIdState>,
): Promise<AccountState> {
  if (!isLiving(state)) return { status: state.status };
  const opened = async (reference: string, fields: readonly string[]): Promise<object> => {
    const sealed = await findItem(deps, stream, places, reference);
    return sealed === undefined ? { gone: true } : picked(sealed, fields);
  };
  const [cards, phones, credentials] = await Promise.all([
    Promise.all(state.cards.map(async (card) => ({ card, ...(await opened(card, ['brand', 'lastFour', 'expiry'])) }))),
    Promise.all(state.phones.map(async (one) => ({ ...one, ...(await opened(one.phone, ['number'])) }))),
    Promise.all(
      state.credentials.map(async (one) => ({ ...one, ...(await opened(one.credential, ['thirdParty', 'facts'])) })),
    ),
  ]);
  const link = state.link === null ? null : { link: state.link, ...(await opened(state.link, ['account'])) };
  return { ...standing(state), cards, phones, credentials, link };
}

function standing(state: Living) {
  const { status, paused, suspended, consent, palms, defaultCard, holds, lastDeviceAt, waitingChanges } = state;
  const openTransactions = state.transactions.open.map(({ ticketHash: _hash, ...shown }) => shown);
  return {
    ...{ status, paused, suspended, consent, palms, defaultCard, holds, lastDeviceAt, openTransactions },
    changes: waitingChanges,
  };
}

/** The named fields of a sealed part; a number only by its ends. */
export function picked(sealed: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  const present = fields.filter((field) => field in sealed);
  return Object.fromEntries(
    present.map((field) => [field, field === 'number' ? masked(sealed[field] as string) : sealed[field]]),
  );
}

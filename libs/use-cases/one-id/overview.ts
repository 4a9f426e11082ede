import { expiresOn } from '#libs/domain/one-id/expiry.ts';
import type { Living } from '#libs/domain/one-id/state.ts';
import type { CredentialKind, Hand } from '#libs/domain/values.ts';
import type { MemberCaller } from '../callers.ts';
import { listChanges, type ChangeShown } from '../changes/list.ts';
import { masked } from '../contacts/masked.ts';
import type { Deps } from '../deps.ts';
import { shopsOf } from '../expenses/places.ts';
import { erasureOf } from '../leaving/stay.ts';
import { erasures } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { findItem } from './items.ts';
import { ownOneId, type Own } from './own.ts';

export interface CardShown {
  readonly card: string;
  readonly brand: string;
  readonly lastFour: string;
  readonly expiry: string;
  readonly default: boolean;
}
export interface PhoneShown {
  readonly phone: string;
  /** All but the country and the last two digits masked. */
  readonly number: string;
  readonly verified: boolean;
}
export interface CredentialShown {
  readonly credential: string;
  readonly kind: CredentialKind;
  readonly thirdParty: { readonly id: string; readonly name: string };
  readonly reference: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface Overview {
  readonly status: Living['status'];
  readonly consent: string | null;
  readonly palms: readonly {
    palm: string;
    hand: Hand;
    state: 'new' | 'matchable' | 'duplicate';
    models: readonly string[];
  }[];
  readonly cards: readonly CardShown[];
  readonly phones: readonly PhoneShown[];
  readonly link?: { readonly link: string; readonly account: string };
  readonly credentials: readonly CredentialShown[];
  readonly paused: boolean;
  readonly suspended: boolean;
  readonly openTransactions: number;
  /** What waits; see the changes for those that ended. */
  readonly changes: readonly ChangeShown[];
  /** Unless a device sees the palm before. */
  readonly expiresOn: string;
  readonly erasure?: { readonly reason: string; readonly state: string; readonly dueBy?: string };
}

/** The One ID at a glance, as its member sees it. */
export async function overview(deps: Deps, { caller }: { readonly caller: MemberCaller }): Promise<Overview> {
  const own = await ownOneId(deps, caller);
  const { state } = own;
  const [cards, phones, link, credentials, changes, erasure] = await Promise.all([
    cardsOf(deps, own),
    phonesOf(deps, own),
    linkOf(deps, own),
    credentialsOf(deps, own),
    listChanges(deps, { caller }),
    erasureShown(deps, own),
  ]);
  return {
    status: state.status,
    consent: state.consent,
    palms: state.palms.map(({ palm, hand, condition, modelVersions }) => ({
      palm,
      hand,
      state: condition,
      models: modelVersions,
    })),
    cards,
    phones,
    ...link,
    credentials,
    paused: state.paused,
    suspended: state.suspended,
    openTransactions: state.transactions.open.length,
    changes: changes.items.filter((one) => one.state === 'waiting'),
    expiresOn: expiresOn(state),
    ...erasure,
  };
}

async function cardsOf(deps: Deps, { stream, state, places }: Own): Promise<readonly CardShown[]> {
  const shown = state.cards.map(async (card): Promise<CardShown[]> => {
    const sealed = await findItem(deps, stream, places, card);
    if (sealed === undefined) return [];
    const { brand, lastFour, expiry } = sealed as unknown as CardShown;
    return [{ card, brand, lastFour, expiry, default: card === state.defaultCard }];
  });
  return (await Promise.all(shown)).flat();
}

async function phonesOf(deps: Deps, { stream, state, places }: Own): Promise<readonly PhoneShown[]> {
  const shown = state.phones.map(async ({ phone, verified }): Promise<PhoneShown[]> => {
    const sealed = await findItem(deps, stream, places, phone);
    return sealed === undefined ? [] : [{ phone, number: masked(sealed['number'] as string), verified }];
  });
  return (await Promise.all(shown)).flat();
}

async function linkOf(deps: Deps, { stream, state, places }: Own): Promise<Pick<Overview, 'link'>> {
  if (state.link === null) return {};
  const sealed = await findItem(deps, stream, places, state.link);
  return sealed === undefined ? {} : { link: { link: state.link, account: sealed['account'] as string } };
}

/** Badges, loyalty cards, subscriptions and proofs of age. */
export async function credentialsOf(deps: Deps, { stream, state, places }: Own): Promise<readonly CredentialShown[]> {
  const shopOf = shopsOf(deps);
  const shown = state.credentials.map(async ({ credential, kind }): Promise<CredentialShown[]> => {
    const sealed = await findItem(deps, stream, places, credential);
    if (sealed === undefined) return [];
    const { thirdParty, reference, facts } = sealed as {
      thirdParty: string;
      reference: string;
      facts: CredentialShown['facts'];
    };
    const { merchant } = await shopOf(thirdParty, '');
    return [{ credential, kind, thirdParty: merchant, reference, facts }];
  });
  return (await Promise.all(shown)).flat();
}

async function erasureShown(deps: Deps, { stream, state }: Own): Promise<Pick<Overview, 'erasure'>> {
  if (state.status !== 'leaving') return {};
  const erasure = await erasureOf(deps, stream);
  const loaded = erasure === undefined ? undefined : (await load(deps.ledger, erasures, erasure)).state;
  const told = loaded === undefined || loaded.status === 'unknown' ? { state: 'starting' } : erasureTold(loaded);
  return { erasure: { reason: state.reason, ...told } };
}

function erasureTold(state: { readonly status: string; readonly about: { readonly dueBy: string } }) {
  return { state: state.status, dueBy: state.about.dueBy };
}

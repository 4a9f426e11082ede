import type { Folded } from '#libs/domain/event.ts';
import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import type { CredentialKind, Hand } from '#libs/domain/values.ts';
import { foldBy, type StreamFold } from './fold.ts';

/** What the topics say of a One ID. Apart from the decider's state, so that this form stays when that one moves. */
export interface PublicOneId {
  readonly registeredAt: string | null;
  readonly palms: readonly { readonly palm: string; readonly hand: Hand }[];
  readonly cards: readonly string[];
  readonly defaultCard: string;
  readonly phones: readonly { readonly phone: string; readonly verified: boolean }[];
  readonly link: string;
  readonly credentials: readonly { readonly credential: string; readonly kind: CredentialKind }[];
  readonly paused: boolean;
  readonly suspended: boolean;
  readonly expiresOn: string | null;
}

const nothing: PublicOneId = {
  registeredAt: null,
  palms: [],
  cards: [],
  defaultCard: '',
  phones: [],
  link: '',
  credentials: [],
  paused: false,
  suspended: false,
  expiresOn: null,
};

function evolve(state: PublicOneId, event: Folded<OneIdEvent>): PublicOneId {
  switch (event.type) {
    case 'EnrolmentCompleted':
      return seen({ ...state, registeredAt: event.at });
    case 'PalmEnrolled': {
      const { palm, hand } = event.clear;
      return seen({ ...state, palms: [...state.palms.filter((one) => one.palm !== palm), { palm, hand }] });
    }
    case 'PalmDuplicateFound':
    case 'PalmRemoved':
      return { ...state, palms: state.palms.filter(({ palm }) => palm !== event.clear.palm) };
    case 'CardAdded':
      return { ...state, cards: [...state.cards, event.clear.card] };
    case 'CardMadeDefault':
      return { ...state, defaultCard: event.clear.card };
    case 'CardRemoved':
      return withoutCard(state, event.clear.card);
    case 'PhoneAdded':
      return { ...state, phones: [...state.phones, { phone: event.clear.phone, verified: false }] };
    case 'PhoneVerified': {
      const { phone } = event.clear;
      return { ...state, phones: state.phones.map((one) => (one.phone === phone ? { phone, verified: true } : one)) };
    }
    case 'PhoneRemoved':
      return { ...state, phones: state.phones.filter(({ phone }) => phone !== event.clear.phone) };
    case 'AccountLinked':
      return { ...state, link: event.clear.link };
    case 'AccountUnlinked':
      return { ...state, link: '' };
    case 'CredentialGranted':
      return { ...state, credentials: [...state.credentials, event.clear] };
    case 'CredentialRevoked': {
      const { credential } = event.clear;
      return { ...state, credentials: state.credentials.filter((one) => one.credential !== credential) };
    }
    case 'Paused':
      return { ...state, paused: true };
    case 'Unpaused':
      return { ...state, paused: false };
    case 'Suspended':
      return { ...state, suspended: true };
    case 'Resumed':
      return { ...state, suspended: false };
    case 'ExpiryWarned':
      // The first warning names the day; a second repeats it.
      return state.expiresOn === null ? { ...state, expiresOn: event.clear.expiresOn } : state;
    case 'TransactionOpened':
    case 'PalmSignatureUpdated':
      return seen(state);
    case 'ChangeTookEffect':
      return event.clear.confirmedBy === 'palm' ? seen(state) : state;
    default:
      return state;
  }
}

/** A device has seen the person: what was warned of will not happen. */
function seen(state: PublicOneId): PublicOneId {
  return state.expiresOn === null ? state : { ...state, expiresOn: null };
}

function withoutCard(state: PublicOneId, card: string): PublicOneId {
  const defaultCard = state.defaultCard === card ? '' : state.defaultCard;
  return { ...state, cards: state.cards.filter((one) => one !== card), defaultCard };
}

const items = [
  'PalmDuplicateFound',
  'PalmRemoved',
  'CardAdded',
  'CardMadeDefault',
  'CardRemoved',
  'PhoneAdded',
  'PhoneVerified',
  'PhoneRemoved',
  'AccountLinked',
  'AccountUnlinked',
  'CredentialGranted',
  'CredentialRevoked',
];
const standing = ['Paused', 'Unpaused', 'Suspended', 'Resumed', 'ExpiryWarned', 'OneIdExpired'];
const leaving = ['ErasureRequested', 'ErasureWithdrawn', 'OneIdErased'];
const sights = ['EnrolmentCompleted', 'PalmEnrolled', 'PalmSignatureUpdated', 'TransactionOpened'];

export const oneIdFold: StreamFold<PublicOneId> = {
  kind: 'oneId',
  types: [...items, ...standing, ...leaving, ...sights, 'ChangeTookEffect'],
  initialState: nothing,
  evolve: foldBy(evolve),
  frequent: { types: ['TransactionOpened', 'PalmSignatureUpdated'], after: 'ExpiryWarned', settledBy: sights },
};

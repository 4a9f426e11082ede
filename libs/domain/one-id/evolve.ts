import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { OneIdEvent } from './events.ts';
import { changeAnnounced, changeSettled, dropWaitingChanges } from './evolve-changes.ts';
import { keyDestroyed, keyDestructionBegun, palmChanged, remove } from './evolve-items.ts';
import { seenAtDevice, transactionClosed, transactionOpened } from './evolve-transactions.ts';
import { isLiving, type Holding, type Living, type OneIdState } from './state.ts';

type Event = Folded<OneIdEvent>;

/** Folds clear fields only, so that a stream folds without any key, and after every key is gone. */
export function evolve(state: OneIdState, event: Event): OneIdState {
  if (event.type === 'OneIdErased') return { status: 'erased' };
  if (isLiving(state)) return evolveLiving(state, event);
  if (state.status === 'unknown' && event.type === 'EnrolmentStarted')
    return { ...nothingHeld, status: 'enrolling', enrolBy: event.clear.enrolBy, lastDeviceAt: event.at };
  if (state.status === 'destroying' && event.type === 'KeyDestroyed' && event.clear.scope === 'all')
    return { ...state, keyDestroyed: true };
  return state;
}

function evolveLiving(state: Living, event: Event): OneIdState {
  switch (event.type) {
    case 'EnrolmentStarted':
    case 'OneIdErased':
    case 'LookRecorded':
      return state;
    case 'ConsentGiven':
      return { ...state, consent: event.clear.version };
    case 'ConsentWithdrawn':
      return { ...state, consent: null };
    case 'EnrolmentCompleted':
      return seenAtDevice({ ...held(state), status: 'active' as const }, event.at);
    case 'PalmEnrolled': {
      const { palm, hand, modelVersion } = event.clear;
      const palms = [...state.palms, { palm, hand, modelVersions: [modelVersion], condition: 'new' as const }];
      return seenAtDevice({ ...state, palms }, event.at);
    }
    case 'PalmSignatureUpdated': {
      const { palm, modelVersion } = event.clear;
      const signed = palmChanged(state, palm, (one) => ({ modelVersions: [...one.modelVersions, modelVersion] }));
      return seenAtDevice(signed, event.at);
    }
    case 'PalmMatchable':
      return palmChanged(state, event.clear.palm, () => ({ condition: 'matchable' }));
    case 'PalmDuplicateFound':
      return palmChanged(state, event.clear.palm, () => ({ condition: 'duplicate' }));
    case 'PalmRemoved':
      return remove(state, 'palm', event.clear.palm);
    case 'CardAdded':
      return { ...state, cards: [...state.cards, event.clear.card] };
    case 'CardMadeDefault':
      return { ...state, defaultCard: event.clear.card };
    case 'CardRemoved':
      return remove(state, 'card', event.clear.card);
    case 'PhoneAdded':
      return { ...state, phones: [...state.phones, { phone: event.clear.phone, verified: false }] };
    case 'PhoneVerified': {
      const { phone } = event.clear;
      return { ...state, phones: state.phones.map((one) => (one.phone === phone ? { phone, verified: true } : one)) };
    }
    case 'PhoneRemoved':
      return remove(state, 'phone', event.clear.phone);
    case 'AccountLinked':
      return { ...state, link: event.clear.link };
    case 'AccountUnlinked':
      return remove(state, 'link', event.clear.link);
    case 'CredentialGranted': {
      const { credential, kind } = event.clear;
      return { ...state, credentials: [...state.credentials, { credential, kind }] };
    }
    case 'CredentialRevoked':
      return remove(state, 'credential', event.clear.credential);
    case 'TransactionOpened':
      return transactionOpened(state, event.clear, event.at);
    case 'TransactionClosed':
      return transactionClosed(state, event.clear, event.at);
    case 'ChangeAnnounced':
      return changeAnnounced(state, event.clear);
    case 'ChangeWithdrawn':
      return changeSettled(state, event.clear.change, 'withdrawn', event.at);
    case 'ChangeTookEffect': {
      const settled = changeSettled(state, event.clear.change, 'effective', event.at);
      return event.clear.confirmedBy === 'palm' ? seenAtDevice(settled, event.at) : settled;
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
      return { ...state, warnings: [...state.warnings, { expiresOn: event.clear.expiresOn, at: event.at }] };
    case 'OneIdExpired':
      return { ...held(state), status: 'expired', expiresOn: event.clear.expiresOn };
    case 'ErasureRequested': {
      if (state.status === 'leaving') return state;
      const { reason } = event.clear;
      return { ...held(dropWaitingChanges(state, event.at)), status: 'leaving', reason, before: state.status };
    }
    case 'ErasureWithdrawn':
      return erasureWithdrawn(state, event.at);
    case 'LegalHoldPlaced':
      return { ...state, holds: [...state.holds, event.clear.hold] };
    case 'LegalHoldReleased': {
      const { hold } = event.clear;
      const holds = state.holds.filter((one) => one !== hold);
      return { ...state, holds, releasedHolds: [...state.releasedHolds, hold] };
    }
    case 'KeyDestructionBegun':
      return keyDestructionBegun(state, event.clear.scope);
    case 'KeyDestroyed':
      return keyDestroyed(state, event.clear.scope);
    default:
      return never(event);
  }
}

/** Who takes back the erasure of an unused One ID has said that it is wanted: two years begin anew, or it would expire again at once. */
function erasureWithdrawn(state: Living, at: string): Living {
  if (state.status !== 'leaving') return state;
  const back = { ...held(state), status: 'active' as const, erasureWithdrawn: true };
  return state.before === 'expired' ? seenAtDevice(back, at) : back;
}

/** What is held, without what belongs to one standing only. */
function held(state: Living): Holding {
  switch (state.status) {
    case 'enrolling': {
      const { status: _status, enrolBy: _enrolBy, ...holding } = state;
      return holding;
    }
    case 'active': {
      const { status: _status, ...holding } = state;
      return holding;
    }
    case 'expired': {
      const { status: _status, expiresOn: _expiresOn, ...holding } = state;
      return holding;
    }
    case 'leaving': {
      const { status: _status, reason: _reason, before: _before, ...holding } = state;
      return holding;
    }
    default:
      return never(state);
  }
}

const nothingHeld: Omit<Holding, 'lastDeviceAt'> = {
  consent: null,
  palms: [],
  cards: [],
  defaultCard: null,
  phones: [],
  link: null,
  credentials: [],
  removed: [],
  gone: [],
  paused: false,
  suspended: false,
  transactions: { next: 1, open: [], ended: [], forgottenUpTo: '' },
  waitingChanges: [],
  settledChanges: [],
  holds: [],
  releasedHolds: [],
  warnings: [],
  erasureWithdrawn: false,
};

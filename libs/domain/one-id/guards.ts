import { Refused } from '../refused.ts';
import { isLiving, type Active, type Enrolling, type ItemKind, type Living, type OneIdState } from './state.ts';

/** A closed One ID takes nothing more: once its keys are going, nothing that was written could ever be read. */
export function living(state: OneIdState): Living {
  if (isLiving(state)) return state;
  if (state.status === 'unknown') throw new Refused('one-id-unknown', 'There is no such One ID.', 'missing');
  throw new Refused('one-id-closed', 'This One ID is closed.', 'gone');
}

/** Enrolling in time or active: what is held may change. Who is leaving or expired is only let go of. */
export function changeable(state: OneIdState, at: string): Enrolling | Active {
  const one = living(state);
  if (one.status === 'leaving') throw new Refused('erasure-requested', 'The erasure of this One ID is requested.');
  if (one.status === 'expired') throw new Refused('one-id-expired', 'This One ID has expired.');
  if (one.status === 'enrolling' && at >= one.enrolBy)
    throw new Refused('enrolment-lapsed', 'The enrolment was not completed in time.');
  return one;
}

export function active(state: OneIdState, at: string): Active {
  const one = changeable(state, at);
  if (one.status === 'enrolling') throw new Refused('enrolment-not-completed', 'The enrolment is not completed yet.');
  return one;
}

/** An open `manage` transaction is the stream's own proof that the palm was at a device. */
export function palmPresent(state: Living, transaction: number | undefined): void {
  const open = state.transactions.open.find((one) => one.number === transaction);
  if (open?.kind !== 'manage') throw new Refused('palm-needed', 'This needs the palm at a device.', 'forbidden');
}

function holds(state: Living, kind: ItemKind, ref: string): boolean {
  switch (kind) {
    case 'palm':
      return state.palms.some((one) => one.palm === ref);
    case 'card':
      return state.cards.includes(ref);
    case 'phone':
      return state.phones.some((one) => one.phone === ref);
    case 'link':
      return state.link === ref;
    case 'credential':
      return state.credentials.some((one) => one.credential === ref);
    default:
      return kind satisfies never;
  }
}

/** Removed, its key gone or about to go. */
export function wasRemoved(state: Living, ref: string): boolean {
  return state.gone.includes(ref) || state.removed.some((one) => one.ref === ref);
}

const KINDS: readonly ItemKind[] = ['palm', 'card', 'phone', 'link', 'credential'];

/**
 * Whether an item with this reference came already (and perhaps went: that does not undo the repeated command).
 * A reference names one key, so it never names two things.
 */
export function cameAlready(state: Living, kind: ItemKind, ref: string): boolean {
  if (holds(state, kind, ref)) return true;
  const removed = state.removed.find((one) => one.ref === ref);
  if (removed ? removed.kind === kind : state.gone.includes(ref)) return true;
  if (removed || KINDS.some((other) => holds(state, other, ref)))
    throw new Refused('reference-in-use', 'This reference names something else.', 'invalid');
  return false;
}

/** Whether it is there to act on; false where it went before, so that a repeated removal decides nothing. */
export function stillHeld(state: Living, kind: ItemKind, ref: string): boolean {
  if (holds(state, kind, ref)) return true;
  if (wasRemoved(state, ref)) return false;
  throw new Refused(`${kind}-unknown`, `There is no such ${kind}.`, 'missing');
}

/** For acting on something other than to remove it. */
export function mustBeHeld(state: Living, kind: ItemKind, ref: string): void {
  if (!stillHeld(state, kind, ref)) throw new Refused(`${kind}-removed`, `This ${kind} was removed.`);
}

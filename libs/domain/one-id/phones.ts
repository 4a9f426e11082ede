import { Refused } from '../refused.ts';
import type { AddPhone, RemovePhone, VerifyPhone } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { cameAlready, changeable, living, mustBeHeld, stillHeld } from './guards.ts';
import { verifiedPhones, type Holding, type Living, type OneIdState } from './state.ts';

export const MOST_PHONES = 5;

/** Adding is no risk: until its code came back a phone is told nothing and proves nothing. */
export function addPhone(command: AddPhone, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (cameAlready(one, 'phone', command.phone)) return [];
  if (one.phones.length >= MOST_PHONES)
    throw new Refused('too-many-phones', `A One ID holds ${MOST_PHONES} phones at most.`);
  return [{ type: 'PhoneAdded', clear: { phone: command.phone }, sealed: command.sealed }];
}

export function verifyPhone(command: VerifyPhone, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  mustBeHeld(one, 'phone', command.phone);
  if (isVerified(one, command.phone)) return [];
  return [{ type: 'PhoneVerified', clear: { phone: command.phone } }];
}

/** A number belongs to who verified it last, so it goes even if it is the last, and even while the member is leaving. */
export function removePhone(command: RemovePhone, state: OneIdState): readonly OneIdEvent[] {
  const elsewhere = command.reason === 'verified-elsewhere';
  const one: Living = elsewhere ? living(state) : changeable(state, command.at);
  if (!stillHeld(one, 'phone', command.phone)) return [];
  // Whoever holds the phone receives the codes: to take a verified one away needs more than a code.
  if (!elsewhere && one.status === 'active' && isVerified(one, command.phone))
    throw new Refused('change-needed', 'A verified phone is removed by the palm, or after 72 hours.', 'forbidden');
  return [{ type: 'PhoneRemoved', clear: { phone: command.phone, reason: command.reason } }];
}

/** One verified phone stays: it is how a member is told and signs in. */
export function isLastPhone(one: Holding, phone: string): boolean {
  return verifiedPhones(one).every((other) => other.phone === phone);
}

function isVerified(one: Holding, phone: string): boolean {
  return verifiedPhones(one).some((other) => other.phone === phone);
}

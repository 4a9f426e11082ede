import { Refused } from '../refused.ts';
import type { AnnounceChange, ConfirmChangeByPalm, LetChangeTakeEffect, WithdrawChange } from './commands.ts';
import { requested } from './erasing.ts';
import type { ChangeAnnounced, ChangeKind, OneIdEvent } from './events.ts';
import { active, mustBeHeld, palmPresent, stillHeld } from './guards.ts';
import { isLastPhone } from './phones.ts';
import type { Active, OneIdState, SettledChange, WaitingChange } from './state.ts';

/** Long enough for a notice to reach somebody who was robbed of the phone that the code came to. */
export const CHANGE_WAITS_MS = 72 * 60 * 60 * 1000;

export function announceChange(command: AnnounceChange, state: OneIdState): readonly OneIdEvent[] {
  const one = active(state, command.at);
  if (waiting(one, command.change) ?? settled(one, command.change)) return [];
  if (!(Date.parse(command.takesEffectAt) - Date.parse(command.at) >= CHANGE_WAITS_MS))
    throw new Refused('change-too-soon', 'A change waits for 72 hours.', 'invalid');
  mayBegin(one, command);
  return [announced(command, command.takesEffectAt)];
}

export function withdrawChange(command: WithdrawChange, state: OneIdState): readonly OneIdEvent[] {
  const one = active(state, command.at);
  if (waiting(one, command.change)) return [{ type: 'ChangeWithdrawn', clear: { change: command.change } }];
  if (known(one, command.change).outcome === 'withdrawn') return [];
  throw new Refused('change-took-effect', 'This change has taken effect.');
}

export function letChangeTakeEffect(command: LetChangeTakeEffect, state: OneIdState): readonly OneIdEvent[] {
  if (leftAlready(command.change, state)) return [];
  const one = active(state, command.at);
  const change = waiting(one, command.change);
  // Settled, one way or the other: whoever found it due has come too late, and there is nothing left to do.
  if (!change && settled(one, command.change)) return [];
  if (!change) throw unknownChange();
  if (!(command.at >= change.takesEffectAt)) throw new Refused('change-not-due', 'This change still waits.');
  // What the rules no longer allow (the other phones went meanwhile) does not wait for ever: it ends without effect.
  if (removesPhone(change.kind) && isLastPhone(one, change.target))
    return [{ type: 'ChangeWithdrawn', clear: { change: change.change } }];
  return [tookEffect(change.change, 'time'), ...effects(one, change, command.erasure)];
}

export function confirmChangeByPalm(command: ConfirmChangeByPalm, state: OneIdState): readonly OneIdEvent[] {
  if (leftAlready(command.change, state)) return [];
  const one = active(state, command.at);
  if (settled(one, command.change)) return effectiveAlready(one, command.change);
  palmPresent(one, command.transaction);
  const change = waiting(one, command.change);
  if (!change) mayBegin(one, command);
  else if (change.kind !== command.kind || change.target !== command.target)
    throw new Refused('change-differs', 'Another change was announced under this reference.', 'invalid');
  if (removesPhone(command.kind) && isLastPhone(one, command.target)) throw lastPhone();
  const made = [tookEffect(command.change, 'palm'), ...effects(one, command, command.erasure)];
  return change ? made : [announced(command, command.at), ...made];
}

/** The event and what follows from it stand in one append, so that no change is ever half made. */
function effects(
  one: Active,
  change: Pick<WaitingChange, 'kind' | 'target'>,
  erasure: LetChangeTakeEffect['erasure'],
): readonly OneIdEvent[] {
  switch (change.kind) {
    case 'remove-phone':
    case 'replace-phone': {
      // It may have been verified elsewhere while the change waited.
      if (!stillHeld(one, 'phone', change.target)) return [];
      const reason = change.kind === 'remove-phone' ? 'member' : 'replaced';
      return [{ type: 'PhoneRemoved', clear: { phone: change.target, reason } }];
    }
    case 'leave':
      if (!erasure) throw new Refused('erasure-missing', 'Leaving needs the erasure that it begins.', 'invalid');
      return requested(one, 'member', erasure);
    case 'download':
      return [];
    default:
      return change.kind satisfies never;
  }
}

/** Two that wait for the same thing would be two notices and one effect; and a phone that must stay is said so at once. */
function mayBegin(one: Active, { kind, target }: { readonly kind: ChangeKind; readonly target: string }): void {
  if (removesPhone(kind)) {
    mustBeHeld(one, 'phone', target);
    if (isLastPhone(one, target)) throw lastPhone();
  } else if (target !== '') throw new Refused('change-target', 'This change concerns the whole One ID.', 'invalid');
  const same = one.waitingChanges.find((other) => other.kind === kind && other.target === target);
  if (same)
    throw new Refused('change-already-announced', 'This change is announced already.', 'conflict', {
      change: same.change,
    });
}

/** `leave` ends in another standing, where its repetition must still be recognised. */
function leftAlready(change: string, state: OneIdState): boolean {
  return (
    state.status === 'leaving' &&
    state.settledChanges.some((one) => one.change === change && one.outcome === 'effective')
  );
}

function effectiveAlready(one: Active, change: string): readonly OneIdEvent[] {
  if (known(one, change).outcome === 'effective') return [];
  throw new Refused('change-withdrawn', 'This change was withdrawn.');
}

function known(one: Active, change: string): SettledChange {
  const found = settled(one, change);
  if (!found) throw unknownChange();
  return found;
}

function unknownChange(): Refused {
  return new Refused('change-unknown', 'There is no such change.', 'missing');
}

function waiting(one: Active, change: string): WaitingChange | undefined {
  return one.waitingChanges.find((candidate) => candidate.change === change);
}

function settled(one: Active, change: string): SettledChange | undefined {
  return one.settledChanges.find((candidate) => candidate.change === change);
}

function removesPhone(kind: ChangeKind): boolean {
  return kind === 'remove-phone' || kind === 'replace-phone';
}

function lastPhone(): Refused {
  return new Refused('last-phone', 'The last verified phone stays.');
}

function announced(
  { change, kind, target, sealed }: Omit<AnnounceChange, 'type' | 'at' | 'takesEffectAt'>,
  takesEffectAt: string,
): ChangeAnnounced {
  return { type: 'ChangeAnnounced', clear: { change, kind, target, takesEffectAt }, sealed };
}

function tookEffect(change: string, confirmedBy: 'palm' | 'time'): OneIdEvent {
  return { type: 'ChangeTookEffect', clear: { change, confirmedBy } };
}

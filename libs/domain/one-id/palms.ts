import type { Hand } from '../values.ts';
import { Refused } from '../refused.ts';
import type {
  EnrolPalm,
  MarkPalmDuplicate,
  MarkPalmMatchable,
  RemovePalm,
  ReplacePalm,
  SignedPalm,
  UpdatePalmSignature,
} from './commands.ts';
import type { OneIdEvent, PalmEnrolled } from './events.ts';
import { cameAlready, changeable, mustBeHeld, stillHeld } from './guards.ts';
import { usablePalms, type HeldPalm, type Living, type OneIdState } from './state.ts';

export function enrolPalm(command: EnrolPalm, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (cameAlready(one, 'palm', command.palm)) return [];
  consented(one);
  if (handTaken(one, command.hand))
    throw new Refused('hand-enrolled', `The ${command.hand} palm is enrolled already.`, 'conflict', {
      hand: command.hand,
    });
  return [enrolled(command)];
}

/** Only when asked for by name: an enrolment never silently takes another palm's place. */
export function replacePalm(command: ReplacePalm, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (cameAlready(one, 'palm', command.palm)) return [];
  consented(one);
  mustBeHeld(one, 'palm', command.replaces);
  if (palmOf(one, command.replaces).hand !== command.hand)
    throw new Refused('hand-differs', 'A palm is replaced by the same hand.', 'invalid');
  notTheLastUsable(one, command.replaces);
  return [{ type: 'PalmRemoved', clear: { palm: command.replaces } }, enrolled(command)];
}

/** Models change by meeting people: whoever is recognised is signed anew, once by each model. */
export function updatePalmSignature(command: UpdatePalmSignature, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  consented(one);
  mustBeHeld(one, 'palm', command.palm);
  const palm = palmOf(one, command.palm);
  if (palm.hand !== command.hand)
    throw new Refused('hand-differs', 'A palm is signed anew by the same hand.', 'invalid');
  if (palm.modelVersions.includes(command.modelVersion)) return [];
  if (palm.condition !== 'matchable')
    throw new Refused('palm-not-usable', 'Only a palm that is recognised is signed anew.');
  return [{ type: 'PalmSignatureUpdated', ...signed(command) }];
}

/** The index found no other One ID with it. What was removed meanwhile needs no answer. */
export function markPalmMatchable(command: MarkPalmMatchable, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'palm', command.palm)) return [];
  const { condition } = palmOf(one, command.palm);
  if (condition === 'matchable') return [];
  // One palm, one One ID: what was found to be another's is settled by a person, never by a second search.
  if (condition === 'duplicate') throw new Refused('palm-duplicate', 'This palm belongs to another One ID.');
  return [{ type: 'PalmMatchable', clear: { palm: command.palm } }];
}

/** It opens nothing and completes no enrolment; a workflow settles the pair. */
export function markPalmDuplicate(command: MarkPalmDuplicate, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'palm', command.palm)) return [];
  const { condition } = palmOf(one, command.palm);
  if (condition === 'duplicate') return [];
  // The later one gives way. This one was there first in ledger order, so a hit on it is the other's affair.
  if (condition === 'matchable') throw new Refused('palm-matchable', 'This palm was found to be the first.');
  return [{ type: 'PalmDuplicateFound', clear: { palm: command.palm }, sealed: command.sealed }];
}

export function removePalm(command: RemovePalm, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'palm', command.palm)) return [];
  notTheLastUsable(one, command.palm);
  return [{ type: 'PalmRemoved', clear: { palm: command.palm } }];
}

/** Consent comes before any palm: a biometric may not be kept for a moment without it. */
export function consented(one: Living): void {
  if (one.consent === null) throw new Refused('consent-missing', 'Consent comes before any palm.');
}

/** Who has no palm left is a member that nobody can recognise; who wants that leaves. An enrolment may still begin again. */
function notTheLastUsable(one: Living, palm: string): void {
  const usable = usablePalms(one);
  if (one.status !== 'enrolling' && usable.length === 1 && usable[0]?.palm === palm)
    throw new Refused('last-palm', 'The last usable palm stays.');
}

function handTaken(one: Living, hand: Hand): boolean {
  return one.palms.some((palm) => palm.hand === hand);
}

function palmOf(one: Living, ref: string): HeldPalm {
  const palm = one.palms.find((candidate) => candidate.palm === ref);
  if (!palm) throw new Refused('palm-unknown', 'There is no such palm.', 'missing');
  return palm;
}

function enrolled(command: SignedPalm): PalmEnrolled {
  return { type: 'PalmEnrolled', ...signed(command) };
}

function signed({ palm, hand, modelVersion, sealed, eventId }: SignedPalm): Omit<PalmEnrolled, 'type'> {
  const part = { clear: { palm, hand, modelVersion }, sealed };
  return eventId === undefined ? part : { ...part, id: eventId };
}

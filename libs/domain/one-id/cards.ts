import { Refused } from '../refused.ts';
import type { AddCard, MakeCardDefault, RemoveCard } from './commands.ts';
import type { CardMadeDefault, OneIdEvent } from './events.ts';
import { cameAlready, changeable, mustBeHeld, stillHeld } from './guards.ts';
import type { OneIdState } from './state.ts';

export const MOST_CARDS = 10;

/** The first card is the default: while any card is there, exactly one is. */
export function addCard(command: AddCard, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (cameAlready(one, 'card', command.card)) return [];
  // A bound, so that a stolen session cannot try out cards by the hundred, and the state stays small.
  if (one.cards.length >= MOST_CARDS)
    throw new Refused('too-many-cards', `A One ID holds ${MOST_CARDS} cards at most.`);
  const added: OneIdEvent = { type: 'CardAdded', clear: { card: command.card }, sealed: command.sealed };
  return one.defaultCard === null ? [added, madeDefault(command.card)] : [added];
}

export function makeCardDefault(command: MakeCardDefault, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  mustBeHeld(one, 'card', command.card);
  return one.defaultCard === command.card ? [] : [madeDefault(command.card)];
}

/** The default moves to the card held longest: the one that the person has trusted longest. */
export function removeCard(command: RemoveCard, state: OneIdState): readonly OneIdEvent[] {
  const one = changeable(state, command.at);
  if (!stillHeld(one, 'card', command.card)) return [];
  const next = one.cards.find((card) => card !== command.card);
  // A palm that pays with nothing would be declined at every till: the next card comes first, or the member leaves.
  if (next === undefined && one.status === 'active') throw new Refused('last-card', 'The last card stays.');
  const removed: OneIdEvent = { type: 'CardRemoved', clear: { card: command.card } };
  if (next === undefined || one.defaultCard !== command.card) return [removed];
  return [removed, madeDefault(next)];
}

function madeDefault(card: string): CardMadeDefault {
  return { type: 'CardMadeDefault', clear: { card } };
}

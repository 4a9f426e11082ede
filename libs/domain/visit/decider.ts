import type { Decider } from '../decider.ts';
import { requireCurrency } from '../money.ts';
import { never, Refused } from '../refused.ts';
import { putBackItem, takeItem } from './cart.ts';
import type { AbandonVisit, EndVisit, StartVisit, VisitCommand } from './commands.ts';
import type { VisitEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { requireStarted, visitNotFound } from './refusals.ts';
import { noVisit, outcomeOf, totalOf } from './state.ts';
import type { VisitState } from './state.ts';

export const visitDecider: Decider<VisitState, VisitCommand, VisitEvent> = { initialState: noVisit, evolve, decide };

function decide(command: VisitCommand, state: VisitState): readonly VisitEvent[] {
  switch (command.type) {
    case 'StartVisit':
      return startVisit(command, state);
    case 'TakeItem':
      return takeItem(command, state);
    case 'PutBackItem':
      return putBackItem(command, state);
    case 'EndVisit':
      return endVisit(command, state);
    case 'RecordVisitCharged':
      return recordCharged(state);
    case 'AbandonVisit':
      return abandonVisit(command, state);
    default:
      return never(command);
  }
}

function startVisit(command: StartVisit, state: VisitState): readonly VisitEvent[] {
  const { merchant, site, gate, currency, owner } = command;
  if (state.phase === 'none') {
    requireCurrency(currency);
    return [{ type: 'VisitStarted', clear: { merchant, site, gate, currency }, sealed: owner }];
  }
  const { place } = state;
  if (!place) throw new Refused('visit-abandoned', 'The visit was abandoned before it started.');
  const same = place.merchant === merchant && place.site === site && place.gate === gate && place.currency === currency;
  if (same) return [];
  throw new Refused('visit-already-started', 'The visit was started elsewhere.');
}

function endVisit({ ticketHash }: EndVisit, state: VisitState): readonly VisitEvent[] {
  if ('ticketHash' in state && state.ticketHash === ticketHash) return [];
  const started = requireStarted(state);
  return [{ type: 'VisitEnded', clear: { total: totalOf(started), ticketHash } }];
}

function recordCharged(state: VisitState): readonly VisitEvent[] {
  if (state.phase === 'charged') return [];
  if (state.phase === 'none') throw visitNotFound();
  if (state.phase !== 'ended') throw new Refused('visit-not-ended', 'Only a visit that has ended is charged.');
  if (state.total === 0) throw new Refused('nothing-to-charge', 'Nothing was taken, so nothing is charged.');
  return [{ type: 'VisitCharged', clear: { total: state.total } }];
}

function abandonVisit({ reason }: AbandonVisit, state: VisitState): readonly VisitEvent[] {
  if (state.phase === 'abandoned') return [];
  if (outcomeOf(state) !== undefined) throw new Refused('visit-over', 'The visit is over.');
  return [{ type: 'VisitAbandoned', clear: { reason } }];
}

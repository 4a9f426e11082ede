import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { VisitEvent } from './events.ts';
import type { CartLine, VisitState } from './state.ts';

/** An event that does not follow from the state leaves it as it is: the decider never writes one. */
export function evolve(state: VisitState, event: Folded<VisitEvent>): VisitState {
  switch (event.type) {
    case 'VisitStarted':
      return state.phase === 'none'
        ? { phase: 'started', place: { ...event.clear, startedAt: event.at }, lines: [] }
        : state;
    case 'ItemTaken':
      return withLine(state, event.clear);
    case 'ItemPutBack':
      return withLine(state, { ...event.clear, quantity: -event.clear.quantity });
    case 'VisitEnded':
      return state.phase === 'started' ? { ...state, phase: 'ended', ...event.clear } : state;
    case 'VisitCharged':
      return state.phase === 'ended' ? { ...state, phase: 'charged' } : state;
    case 'VisitAbandoned':
      return abandoned(state, event.clear.reason);
    default:
      return never(event);
  }
}

function withLine(state: VisitState, line: CartLine): VisitState {
  return state.phase === 'started' ? { ...state, lines: [...state.lines, line] } : state;
}

function abandoned(state: VisitState, reason: string): VisitState {
  if (state.phase === 'none') return { phase: 'abandoned', lines: [], reason };
  const place = state.place ? { place: state.place } : {};
  const ended = state.phase === 'ended' ? { ticketHash: state.ticketHash } : {};
  return { phase: 'abandoned', lines: state.lines, reason, ...place, ...ended };
}

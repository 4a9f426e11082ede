import { never, Refused } from '../refused.ts';
import type { VisitState } from './state.ts';

export function requireStarted(state: VisitState): Extract<VisitState, { phase: 'started' }> {
  switch (state.phase) {
    case 'started':
      return state;
    case 'none':
      throw visitNotFound();
    case 'abandoned':
      throw new Refused('visit-abandoned', 'The visit was abandoned.');
    case 'ended':
    case 'charged':
      throw new Refused('visit-already-ended', 'The visit has ended.');
    default:
      return never(state);
  }
}

export function visitNotFound(): Refused {
  return new Refused('visit-not-found', 'There is no such visit.', 'missing');
}

import type { Decider } from '../decider.ts';
import type { Folded } from '../event.ts';
import { Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { LookCommand } from './commands.ts';
import type { LookEvent } from './events.ts';
import { noLook } from './state.ts';
import type { LookState } from './state.ts';

/** One event a stream: nobody looks at a person without a name and a reason. */
export const lookDecider: Decider<LookState, LookCommand, LookEvent> = { initialState: noLook, evolve, decide };

function evolve(state: LookState, event: Folded<LookEvent>): LookState {
  return state.phase === 'none' ? { phase: 'looked', ...event.clear } : state;
}

function decide({ at, principal, reason, askedFor, oneId }: LookCommand, state: LookState): readonly LookEvent[] {
  if (state.phase === 'looked') {
    if (state.principal === principal && state.reason === reason) return [];
    throw new Refused('already-looked', 'The look was recorded with another reason.');
  }
  requireText('principal', principal);
  requireText('reason', reason);
  return [{ type: 'Looked', clear: { when: at, principal, reason }, sealed: { askedFor, oneId } }];
}

import type { Decider } from '../decider.ts';
import type { Folded } from '../event.ts';
import { Refused } from '../refused.ts';
import type { CheckCommand } from './commands.ts';
import type { CheckEvent } from './events.ts';
import { noCheck } from './state.ts';
import type { CheckState } from './state.ts';

/** One event a stream: a check is asked once and answered once. */
export const checkDecider: Decider<CheckState, CheckCommand, CheckEvent> = { initialState: noCheck, evolve, decide };

function evolve(state: CheckState, event: Folded<CheckEvent>): CheckState {
  return state.phase === 'none' ? { phase: 'checked', ...event.clear, at: event.at } : state;
}

function decide(command: CheckCommand, state: CheckState): readonly CheckEvent[] {
  const { merchant, site, device, kind, answer, owner } = command;
  if (state.phase === 'none')
    return [{ type: 'CredentialChecked', clear: { merchant, site, device, kind, answer }, sealed: owner }];
  const same =
    state.merchant === merchant &&
    state.site === site &&
    state.device === device &&
    state.kind === kind &&
    state.answer === answer;
  if (same) return [];
  throw new Refused('already-checked', 'The check was answered otherwise.');
}

import type { Pause, Resume, Suspend, Unpause } from './commands.ts';
import type { OneIdEvent } from './events.ts';
import { active, living } from './guards.ts';
import type { OneIdState } from './state.ts';

/** The member's pause and the admin's suspension are two locks: neither opens the other's, and both may hold at once. */
export function pause(command: Pause, state: OneIdState): readonly OneIdEvent[] {
  if (active(state, command.at).paused) return [];
  return [{ type: 'Paused', clear: { reason: command.reason } }];
}

export function unpause(command: Unpause, state: OneIdState): readonly OneIdEvent[] {
  if (!active(state, command.at).paused) return [];
  return [{ type: 'Unpaused', clear: { reason: command.reason } }];
}

/** In every standing, also while enrolling or leaving: who comes back from there is still suspended. */
export function suspend(command: Suspend, state: OneIdState): readonly OneIdEvent[] {
  if (living(state).suspended) return [];
  return [{ type: 'Suspended', clear: { reason: command.reason } }];
}

export function resume(command: Resume, state: OneIdState): readonly OneIdEvent[] {
  if (!living(state).suspended) return [];
  return [{ type: 'Resumed', clear: { reason: command.reason } }];
}

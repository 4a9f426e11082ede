import type { ChangeAnnounced } from './events.ts';
import type { Holding, SettledChange } from './state.ts';

/** So many settled changes are remembered, for repetitions that come late and for what they allow. */
const SETTLED_REMEMBERED = 32;

export function changeAnnounced<S extends Holding>(state: S, announced: ChangeAnnounced['clear']): S {
  return { ...state, waitingChanges: [...state.waitingChanges, { ...announced }] };
}

export function changeSettled<S extends Holding>(
  state: S,
  change: string,
  outcome: SettledChange['outcome'],
  at: string,
): S {
  const waiting = state.waitingChanges.find((one) => one.change === change);
  if (!waiting) return state;
  const { kind, target } = waiting;
  return {
    ...state,
    waitingChanges: state.waitingChanges.filter((one) => one !== waiting),
    settledChanges: [...state.settledChanges, { change, kind, target, outcome, at }].slice(-SETTLED_REMEMBERED),
  };
}

/** Who leaves and comes back finds no change that went on waiting in the meantime. */
export function dropWaitingChanges<S extends Holding>(state: S, at: string): S {
  return state.waitingChanges.reduce((left, one) => changeSettled(left, one.change, 'withdrawn', at), state);
}

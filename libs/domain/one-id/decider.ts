import type { Decider } from '../decider.ts';
import type { OneIdCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { OneIdEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { unknown, type OneIdState } from './state.ts';

/** A snapshot folded by another version of `evolve` or of the state is dropped: raise it with either. */
export const ONE_ID_FOLD_VERSION = 1;

export const oneIdDecider: Decider<OneIdState, OneIdCommand, OneIdEvent> = { initialState: unknown, evolve, decide };

import type { Decider } from '../decider.ts';
import type { OneIdCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { OneIdEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { unknown, type OneIdState } from './state.ts';

export const oneIdDecider: Decider<OneIdState, OneIdCommand, OneIdEvent> = { initialState: unknown, evolve, decide };

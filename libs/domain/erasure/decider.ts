import type { Decider } from '../decider.ts';
import type { ErasureCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { ErasureEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { unknown, type ErasureState } from './state.ts';

export const erasureDecider: Decider<ErasureState, ErasureCommand, ErasureEvent> = {
  initialState: unknown,
  evolve,
  decide,
};

import type { ErasureCommand } from '#libs/domain/erasure/commands.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { erasures } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { systemWho } from '../system.ts';

type WithoutAt<C> = C extends unknown ? Omit<C, 'at'> : never;

/** A step was done: its event says so. */
export async function recordStep(deps: Deps, erasure: string, step: WithoutAt<ErasureCommand>): Promise<void> {
  const command = { ...step, at: isoNow(deps.clock) } as ErasureCommand;
  await decideOn(deps, erasures, erasure, command, systemWho('erasure'));
}

import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { requestBySystem } from '#libs/use-cases/erasure/by-system.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { systemWho } from '../system.ts';

/** An enrolment that was not completed in time is erased. Answers with its last moment where that is still to come. */
export async function lapseEnrolment(deps: Deps, stream: string): Promise<string | undefined> {
  const { state } = await load(deps.ledger, oneIds, stream);
  if (state.status !== 'enrolling') return undefined;
  if (isoNow(deps.clock) < state.enrolBy) return state.enrolBy;
  await requestBySystem(deps, stream, 'lapsed', systemWho('enrolments'));
  return undefined;
}

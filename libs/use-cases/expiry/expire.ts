import { expiryLookedAtOn, expiryStep } from '#libs/domain/one-id/expiry.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { requestBySystem } from '../erasure/by-system.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

/**
 * What the calendar asks for on one One ID now: a warning, its end, or (once it has expired) the erasure. The stream decides;
 * where nothing is due nothing happens. Answers with the moment to look again, or undefined where there is none.
 */
export async function expiryOf(deps: Deps, stream: string, who: Who): Promise<string | undefined> {
  const at = isoNow(deps.clock);
  const { state } = await load(deps.ledger, oneIds, stream);
  const step = expiryStep(state, at);
  const command = step === 'warn' ? ({ type: 'WarnOfExpiry', at } as const) : ({ type: 'Expire', at } as const);
  const after = step === 'none' ? state : (await decideOn(deps, oneIds, stream, command, who)).state;
  if (after.status === 'expired') await requestBySystem(deps, stream, 'unused', who);
  return expiryLookedAtOn(after);
}

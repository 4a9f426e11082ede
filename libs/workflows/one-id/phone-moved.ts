import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { systemWho } from '../system.ts';

/** A number belongs to who verified it last; this One ID held it before and loses it, and nothing else. Its other contacts are told by the event. */
export async function losePhone(deps: Deps, stream: string, phone: string): Promise<void> {
  const command = { type: 'RemovePhone', at: isoNow(deps.clock), phone, reason: 'verified-elsewhere' } as const;
  try {
    await decideOn(deps, oneIds, stream, command, systemWho('phones'));
  } catch (error) {
    // Its keys are going: so is the phone.
    if (!(error instanceof Refused)) throw error;
  }
}

import { isLiving, usablePalms } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { requestBySystem } from '#libs/use-cases/erasure/by-system.ts';
import { oneIds } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { systemWho } from '../system.ts';

const WHO = systemWho('duplicates');

/**
 * One palm, one One ID: the later one gives its palm up, and with it the signature's key. An enrolment that has no other palm
 * can never be completed and is erased; a One ID that nobody could recognise any more waits for an admin.
 */
export async function settleDuplicates(deps: Deps, stream: string): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state)) return;
  const duplicates = state.palms.filter(({ condition }) => condition === 'duplicate');
  if (duplicates.length === 0) return;
  const at = isoNow(deps.clock);
  if (state.status === 'enrolling' && duplicates.length === state.palms.length) {
    await requestBySystem(deps, stream, 'lapsed', WHO);
    return;
  }
  try {
    const removals = duplicates.map(({ palm }) => ({ type: 'RemovePalm', at, palm }) as const);
    const suspension = { type: 'Suspend', at, reason: 'duplicate-palm' } as const;
    const unrecognisable = state.status === 'active' && usablePalms(state).length === 0;
    await decideOn(deps, oneIds, stream, unrecognisable ? [...removals, suspension] : removals, WHO);
  } catch (error) {
    // Leaving or expired: it goes with everything else.
    if (!(error instanceof Refused)) throw error;
  }
}

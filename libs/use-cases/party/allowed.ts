import { isSiteOpen, mayDo, type Merchant, type Purpose } from '#libs/domain/merchant/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { DeviceCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { merchants } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

/** The merchant at whose open site the device stands; refused where the site is closed. */
export async function requireSiteOpen(deps: Deps, caller: DeviceCaller): Promise<Merchant> {
  const { state } = await load(deps.ledger, merchants, `merchant-${caller.merchant}`);
  if (state.phase !== 'none' && isSiteOpen(state, caller.site)) return state;
  throw new Refused('site-closed', 'the site of this device is closed', 'forbidden');
}

/** The merchant at whose open site the device stands and whose contract allows this; refused otherwise. */
export async function requireAllowed(deps: Deps, caller: DeviceCaller, purpose: Purpose): Promise<Merchant> {
  const state = await requireSiteOpen(deps, caller);
  if (!mayDo(state, purpose, deps.clock.now().toISOString())) {
    throw new Refused('not-in-contract', `no contract of this merchant allows ${purpose}`, 'forbidden', { purpose });
  }
  return state;
}

import { Refused } from '#libs/domain/refused.ts';
import type { DeviceRow, SiteRow, SubscriberRow } from '#libs/views/rows.ts';
import type { Page, Paging } from '#libs/views/port.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { merchants } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { ownMerchant } from './lists.ts';

interface Own {
  readonly caller: PrincipalCaller;
}

/** Name, contracts and what they allow, from its own stream. */
export async function readMerchant(deps: Deps, { caller }: Own) {
  const merchant = ownMerchant(caller);
  const { state } = await load(deps.ledger, merchants, `merchant-${merchant}`);
  if (state.phase === 'none') throw new Refused('merchant-unknown', 'there is no such merchant', 'missing');
  const { phase: _phase, ...itself } = state;
  return { merchant, ...itself };
}

export async function listSites(deps: Deps, { caller, ...paging }: Own & Paging): Promise<Page<SiteRow>> {
  return deps.views.merchants.sites({ ...paging, merchant: ownMerchant(caller) });
}

export async function listDevices(
  deps: Deps,
  { caller, ...query }: Own & Paging & { readonly site?: string },
): Promise<Page<Omit<DeviceRow, 'sequence'>>> {
  const page = await deps.views.devices.list({ ...query, merchant: ownMerchant(caller) });
  return { ...page, items: page.items.map(({ sequence: _sequence, ...row }) => row) };
}

/** Its own services that follow topics. */
export async function listSubscribers(
  deps: Deps,
  { caller, ...paging }: Own & Paging,
): Promise<Page<Omit<SubscriberRow, 'sequence'>>> {
  const merchant = ownMerchant(caller);
  const page = await deps.views.subscribers.list(paging);
  const own = page.items.filter((row) => row.merchant === merchant);
  return { ...page, items: own.map(({ sequence: _sequence, ...row }) => row) };
}

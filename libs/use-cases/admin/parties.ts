import { Refused } from '#libs/domain/refused.ts';
import type { Page, Paging, Where } from '#libs/views/port.ts';
import type { DeviceRow, MerchantRow, SiteRow } from '#libs/views/rows.ts';
import type { Deps } from '../deps.ts';
import { devices, merchants } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

export type MerchantListed = Omit<MerchantRow, 'sequence'>;
export type DeviceListed = Omit<DeviceRow, 'sequence'>;

export async function listMerchants(deps: Deps, paging: Paging): Promise<Page<MerchantListed>> {
  const page = await deps.views.merchants.list(paging);
  return { ...page, items: page.items.map(({ sequence: _sequence, ...row }) => row) };
}

/** From its own stream: name, sites, contracts and what they allow. */
export async function showMerchant(deps: Deps, { merchant }: { readonly merchant: string }) {
  const { state } = await load(deps.ledger, merchants, `merchant-${merchant}`);
  if (state.phase === 'none') throw new Refused('merchant-not-found', 'There is no such merchant.', 'missing');
  const { phase: _phase, ...itself } = state;
  return { merchant, ...itself };
}

export async function listSitesOf(deps: Deps, query: Paging & { readonly merchant?: string }): Promise<Page<SiteRow>> {
  return deps.views.merchants.sites(query);
}

export async function listAllDevices(deps: Deps, query: Where & Paging): Promise<Page<DeviceListed>> {
  const page = await deps.views.devices.list(query);
  return { ...page, items: page.items.map(({ sequence: _sequence, ...row }) => row) };
}

/** A device as its own stream has it; the key that it signs with is public. */
export async function showDevice(deps: Deps, { device }: { readonly device: string }) {
  const { state } = await load(deps.ledger, devices, `device-${device}`);
  if (state.phase === 'none') throw new Refused('device-unknown', 'there is no such device', 'missing');
  const { phase, place, activateBy } = state;
  const reason = 'reason' in state ? { reason: state.reason } : {};
  const key = state.phase === 'active' ? { publicKey: state.publicKey } : {};
  return { device, status: phase, ...place, activateBy, ...key, ...reason };
}

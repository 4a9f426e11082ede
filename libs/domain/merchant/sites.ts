import { Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { CloseSite, OpenSite } from './commands.ts';
import type { MerchantEvent } from './events.ts';
import { requireRegistered } from './refusals.ts';
import type { MerchantState } from './state.ts';

export const maxSites = 10_000;

/** A site that was closed may open again, under the same reference or as something else. */
export function openSite(command: OpenSite, state: MerchantState): readonly MerchantEvent[] {
  const { site, name, place, timeZone } = command;
  const { sites } = requireRegistered(state);
  const known = sites.find((one) => one.site === site);
  if (known?.open) {
    if (known.name === name && known.place === place && known.timeZone === timeZone) return [];
    throw new Refused('site-already-open', 'The site is open under another name or at another place.');
  }
  if (!known && sites.length >= maxSites)
    throw new Refused('too-many-sites', `A merchant has at most ${maxSites} sites.`);
  requireText('site', site, 64);
  requireText('name', name);
  requireText('place', place);
  requireTimeZone(timeZone);
  return [{ type: 'SiteOpened', clear: { site, name, place, timeZone } }];
}

export function closeSite({ site }: CloseSite, state: MerchantState): readonly MerchantEvent[] {
  const known = requireRegistered(state).sites.find((one) => one.site === site);
  if (!known) throw new Refused('site-not-found', 'There is no such site.', 'missing');
  return known.open ? [{ type: 'SiteClosed', clear: { site } }] : [];
}

function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new Refused('invalid-time-zone', 'The time zone is no IANA name.', 'invalid');
  }
}

import type { Deps } from '../deps.ts';
import { merchants } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

export interface Shop {
  readonly merchant: { readonly id: string; readonly name: string };
  readonly site: { readonly id: string; readonly name: string; readonly place: string; readonly timeZone: string };
}

/** Names of merchants and sites, each asked for once. */
export function shopsOf(deps: Pick<Deps, 'ledger'>): (merchant: string, site: string) => Promise<Shop> {
  const known = new Map<string, ReturnType<typeof merchantOf>>();
  return async (merchant, site) => {
    const state = await (known.get(merchant) ?? remember(merchant));
    const found = state.phase === 'none' ? undefined : state.sites.find((one) => one.site === site);
    const { name = '', place = '', timeZone = 'UTC' } = found ?? {};
    const called = state.phase === 'none' ? '' : state.name;
    return { merchant: { id: merchant, name: called }, site: { id: site, name, place, timeZone } };
  };

  function remember(merchant: string): ReturnType<typeof merchantOf> {
    const asked = merchantOf(deps, merchant);
    known.set(merchant, asked);
    return asked;
  }
}

async function merchantOf(deps: Pick<Deps, 'ledger'>, merchant: string) {
  return (await load(deps.ledger, merchants, `merchant-${merchant}`)).state;
}

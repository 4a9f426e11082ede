import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { MerchantEvent } from './events.ts';
import { isPurpose } from './state.ts';
import type { Merchant, MerchantState } from './state.ts';

export function evolve(state: MerchantState, event: Folded<MerchantEvent>): MerchantState {
  if (event.type === 'MerchantRegistered')
    return state.phase === 'none' ? { phase: 'registered', ...event.clear, sites: [], contracts: [] } : state;
  return state.phase === 'registered' ? evolveRegistered(state, event) : state;
}

type Later = Exclude<Folded<MerchantEvent>, { type: 'MerchantRegistered' }>;

function evolveRegistered(state: Merchant, event: Later): Merchant {
  switch (event.type) {
    case 'SiteOpened': {
      const others = state.sites.filter(({ site }) => site !== event.clear.site);
      return { ...state, sites: [...others, { ...event.clear, open: true }] };
    }
    case 'SiteClosed':
      return {
        ...state,
        sites: state.sites.map((one) => (one.site === event.clear.site ? { ...one, open: false } : one)),
      };
    case 'ContractSigned': {
      const { contract, from } = event.clear;
      // A purpose that this version does not know allows nothing.
      const known = event.clear.purposes.filter(isPurpose);
      return { ...state, contracts: [...state.contracts, { contract, from, purposes: known }] };
    }
    case 'ContractEnded':
      return {
        ...state,
        contracts: state.contracts.map((one) =>
          one.contract === event.clear.contract ? { ...one, endedAt: event.at } : one,
        ),
      };
    default:
      return never(event);
  }
}

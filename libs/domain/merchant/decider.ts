import type { Decider } from '../decider.ts';
import { requireCurrency } from '../money.ts';
import { never, Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { MerchantCommand, RegisterMerchant } from './commands.ts';
import { endContract, signContract } from './contracts.ts';
import type { MerchantEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { closeSite, openSite } from './sites.ts';
import { noMerchant } from './state.ts';
import type { MerchantState } from './state.ts';

export const merchantDecider: Decider<MerchantState, MerchantCommand, MerchantEvent> = {
  initialState: noMerchant,
  evolve,
  decide,
};

function decide(command: MerchantCommand, state: MerchantState): readonly MerchantEvent[] {
  switch (command.type) {
    case 'RegisterMerchant':
      return register(command, state);
    case 'OpenSite':
      return openSite(command, state);
    case 'CloseSite':
      return closeSite(command, state);
    case 'SignContract':
      return signContract(command, state);
    case 'EndContract':
      return endContract(command, state);
    default:
      return never(command);
  }
}

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

function register(command: RegisterMerchant, state: MerchantState): readonly MerchantEvent[] {
  const { name, country, currency } = command;
  if (state.phase === 'registered') {
    if (state.name === name && state.country === country && state.currency === currency) return [];
    throw new Refused('merchant-already-registered', 'The merchant is registered otherwise.');
  }
  requireText('name', name);
  if (!/^[A-Z]{2}$/.test(country) || regions.of(country) === undefined)
    throw new Refused('invalid-country', 'The country is no ISO 3166 code of two letters.', 'invalid');
  requireCurrency(currency);
  return [{ type: 'MerchantRegistered', clear: { name, country, currency } }];
}

import { Refused } from '../refused.ts';
import type { Merchant, MerchantState } from './state.ts';

export function requireRegistered(state: MerchantState): Merchant {
  if (state.phase === 'registered') return state;
  throw new Refused('merchant-not-found', 'There is no such merchant.', 'missing');
}

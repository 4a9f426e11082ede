import { Refused } from '../refused.ts';
import type { PresentPrincipal, PrincipalState } from './state.ts';

export function requirePresent(state: PrincipalState): PresentPrincipal {
  if (state.phase === 'none') throw new Refused('principal-not-found', 'There is no such principal.', 'missing');
  if (state.phase === 'removed') throw new Refused('principal-removed', 'The principal was removed.', 'gone');
  return state;
}

import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { PrincipalEvent } from './events.ts';
import { sameGrant } from './state.ts';
import type { PresentPrincipal, PrincipalState } from './state.ts';

export function evolve(state: PrincipalState, event: Folded<PrincipalEvent>): PrincipalState {
  if (event.type === 'PrincipalInvited')
    return state.phase === 'none' ? { phase: 'present', grants: [], notBefore: event.at } : state;
  return state.phase === 'present' ? evolvePresent(state, event) : state;
}

type Later = Exclude<Folded<PrincipalEvent>, { type: 'PrincipalInvited' }>;

function evolvePresent(state: PresentPrincipal, event: Later): PrincipalState {
  switch (event.type) {
    case 'CredentialBound':
      return { ...state, secretHash: event.clear.secretHash, notBefore: event.at };
    case 'RoleGranted':
      return { ...state, grants: [...state.grants, event.clear] };
    case 'RoleRevoked':
      return {
        ...state,
        grants: state.grants.filter((one) => !sameGrant(one, event.clear)),
        notBefore: event.at,
      };
    case 'PrincipalRemoved':
      return { phase: 'removed', removedAt: event.at };
    default:
      return never(event);
  }
}

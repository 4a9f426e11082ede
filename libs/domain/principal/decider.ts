import type { Decider } from '../decider.ts';
import { never, Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { BindCredential, InvitePrincipal, PrincipalCommand } from './commands.ts';
import type { PrincipalEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { requirePresent } from './refusals.ts';
import { grantRole, revokeRole } from './roles.ts';
import { noPrincipal } from './state.ts';
import type { PrincipalState } from './state.ts';

/** That one admin always remains is no rule of one principal: the use case sees to it. */
export const principalDecider: Decider<PrincipalState, PrincipalCommand, PrincipalEvent> = {
  initialState: noPrincipal,
  evolve,
  decide,
};

function decide(command: PrincipalCommand, state: PrincipalState): readonly PrincipalEvent[] {
  switch (command.type) {
    case 'InvitePrincipal':
      return invite(command, state);
    case 'BindCredential':
      return bindCredential(command, state);
    case 'GrantRole':
      return grantRole(command, state);
    case 'RevokeRole':
      return revokeRole(command, state);
    case 'RemovePrincipal':
      return remove(state);
    default:
      return never(command);
  }
}

/** The name and the contact are sealed, so an invitation repeated with others cannot be told from the same one. */
function invite({ name, contact }: InvitePrincipal, state: PrincipalState): readonly PrincipalEvent[] {
  if (state.phase === 'present') return [];
  if (state.phase === 'removed') requirePresent(state);
  requireText('name', name);
  requireText('contact', contact);
  return [{ type: 'PrincipalInvited', clear: {}, sealed: { name, contact } }];
}

function bindCredential({ secretHash }: BindCredential, state: PrincipalState): readonly PrincipalEvent[] {
  if (requirePresent(state).secretHash === secretHash) return [];
  if (!/^[A-Za-z0-9_-]{43}$/.test(secretHash))
    throw new Refused('invalid-credential', 'The credential is no SHA-256 in base64url.', 'invalid');
  return [{ type: 'CredentialBound', clear: { secretHash } }];
}

function remove(state: PrincipalState): readonly PrincipalEvent[] {
  if (state.phase === 'removed') return [];
  requirePresent(state);
  return [{ type: 'PrincipalRemoved', clear: {} }];
}

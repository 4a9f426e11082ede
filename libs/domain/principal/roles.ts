import { never, Refused } from '../refused.ts';
import type { GrantRole, RevokeRole } from './commands.ts';
import type { PrincipalEvent } from './events.ts';
import { requirePresent } from './refusals.ts';
import { sameGrant } from './state.ts';
import type { Grant, PrincipalState } from './state.ts';

export const maxGrants = 100;

export function grantRole(command: GrantRole, state: PrincipalState): readonly PrincipalEvent[] {
  const { grants } = requirePresent(state);
  const grant = grantOf(command);
  if (grants.some((one) => sameGrant(one, grant))) return [];
  requireScope(grant);
  if (grants.length >= maxGrants) throw new Refused('too-many-roles', `A principal has at most ${maxGrants} roles.`);
  return [{ type: 'RoleGranted', clear: grant }];
}

/** A role that is not held is revoked already. */
export function revokeRole(command: RevokeRole, state: PrincipalState): readonly PrincipalEvent[] {
  const grant = grantOf(command);
  const held = requirePresent(state).grants.some((one) => sameGrant(one, grant));
  return held ? [{ type: 'RoleRevoked', clear: grant }] : [];
}

function grantOf({ role, merchant, subscriber }: GrantRole | RevokeRole): Grant {
  return {
    role,
    ...(merchant === undefined ? {} : { merchant }),
    ...(subscriber === undefined ? {} : { subscriber }),
  };
}

/** For whom a role acts is part of the role. */
function requireScope(grant: Grant): void {
  if (isScoped(grant)) return;
  throw new Refused(
    'invalid-role',
    'A merchant names its merchant, a service its subscriber, an auditor and an admin neither.',
    'invalid',
  );
}

function isScoped({ role, merchant, subscriber }: Grant): boolean {
  switch (role) {
    case 'merchant':
      return !!merchant && subscriber === undefined;
    case 'service':
      return !!subscriber && merchant === undefined;
    case 'auditor':
    case 'admin':
      return merchant === undefined && subscriber === undefined;
    default:
      return never(role);
  }
}

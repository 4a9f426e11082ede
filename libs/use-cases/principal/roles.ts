import type { Told } from '../claim/decide-once.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import { decideOnceOn } from '../claim/decide-once.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import type { OfPrincipal } from './invite.ts';
import { whileAnotherAdminStays } from './last-admin.ts';
import { grantOf, requireScopeExists, type AskedRole } from './scope.ts';

export async function grantRole(deps: Deps, input: OfPrincipal & AskedRole): Promise<{ position: bigint }> {
  const grant = grantOf(input);
  await requireScopeExists(deps, grant);
  return decide(
    deps,
    input,
    { type: 'GrantRole', at: isoNow(deps.clock), ...grant },
    { type: 'RoleGranted', ...grant },
  );
}

/** Gone with the next request of whoever held it. */
export async function revokeRole(deps: Deps, input: OfPrincipal & AskedRole): Promise<{ position: bigint }> {
  const grant = grantOf(input);
  const command = { type: 'RevokeRole', at: isoNow(deps.clock), ...grant } as const;
  const work = () => decide(deps, input, command, { type: 'RoleRevoked', ...grant });
  return grant.role === 'admin' ? whileAnotherAdminStays(deps, input.principal, work) : work();
}

/** Out at once, for good. What they did stays told as theirs. */
export async function removePrincipal(deps: Deps, input: OfPrincipal): Promise<{ position: bigint }> {
  const command = { type: 'RemovePrincipal', at: isoNow(deps.clock) } as const;
  return whileAnotherAdminStays(deps, input.principal, () =>
    decide(deps, input, command, { type: 'PrincipalRemoved' }),
  );
}

async function decide(
  deps: Deps,
  { caller, request, principal }: OfPrincipal,
  command: Parameters<typeof principals.decider.decide>[0],
  told: Told,
): Promise<{ position: bigint }> {
  const stream = `principal-${principal}`;
  const once = { aggregate: principals, stream, command, told };
  const { position } = await decideOnceOn(deps, request, whoOf(caller), once);
  return { position };
}

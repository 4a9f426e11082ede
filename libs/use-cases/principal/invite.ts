import { newSecret } from '#libs/identity/secrets.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { grantOf, requireScopeExists, type AskedRole } from './scope.ts';

export interface InvitePrincipal extends AskedRole {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly name: string;
  /** How they are reached; sealed, like the name. */
  readonly contact: string;
}

/** A credential, shown this once. A repeated request gets a new one; the one before is void. */
export interface Credential {
  readonly principal: string;
  readonly secret: string;
  readonly position: bigint;
}

/** Somebody who works with the system, in a first role. */
export async function invitePrincipal(deps: Deps, input: InvitePrincipal): Promise<Credential> {
  const { caller, request, name, contact } = input;
  const who = whoOf(caller);
  const grant = grantOf(input);
  const { plan } = await claim(deps, request, who, async () => {
    await requireScopeExists(deps, grant);
    const [principal] = await deps.keyring.reserve('principal');
    return { principal: principal! };
  });
  const { secret, hash } = newSecret();
  const at = isoNow(deps.clock);
  const { position } = await decideOn(
    deps,
    principals,
    `principal-${plan.principal}`,
    [
      { type: 'InvitePrincipal', at, name, contact },
      { type: 'BindCredential', at, secretHash: hash },
      { type: 'GrantRole', at, ...grant },
    ],
    who,
  );
  return { principal: plan.principal, secret, position };
}

export interface OfPrincipal {
  readonly caller: PrincipalCaller;
  readonly request: Request;
  readonly principal: string;
}

/** Replaces the credential; tokens that were issued by the one before are void at once. */
export async function newCredential(deps: Deps, { caller, request, principal }: OfPrincipal): Promise<Credential> {
  const who = whoOf(caller);
  await claim(deps, request, who, async () => ({ principal }));
  const { secret, hash } = newSecret();
  const command = { type: 'BindCredential', at: isoNow(deps.clock), secretHash: hash } as const;
  const { position } = await decideOn(deps, principals, `principal-${principal}`, command, who);
  return { principal, secret, position };
}

import { isoNow } from '#libs/runtime/clock.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { credentialsOf, type CredentialShown } from '../one-id/overview.ts';
import { ownOneId } from '../one-id/own.ts';

/** What third parties have given the member. */
export async function ownCredentials(
  deps: Deps,
  { caller }: { readonly caller: MemberCaller },
): Promise<{ items: readonly CredentialShown[] }> {
  return { items: await credentialsOf(deps, await ownOneId(deps, caller)) };
}

/** The member gives a credential back; its key goes with it. */
export async function dropCredential(
  deps: Deps,
  { credential, ...asking }: Asking & { readonly credential: string },
): Promise<{ position: bigint }> {
  const command = { type: 'RevokeCredential', at: isoNow(deps.clock), credential } as const;
  const { position } = await decideOnce(deps, asking, command, { type: 'CredentialRevoked', credential });
  return { position };
}

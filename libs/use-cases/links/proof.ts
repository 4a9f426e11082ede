import { Refused } from '#libs/domain/refused.ts';
import { requireText } from '#libs/domain/text.ts';
import { openHandle, sealHandle } from '#libs/identity/handles.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';

const LIVES_MS = 10 * 60_000;

export interface LinkProof {
  /** For the member, whom the third party has signed in itself; ten minutes. */
  readonly proof: string;
  readonly expiresAt: string;
}

interface Content {
  readonly merchant: string;
  readonly account: string;
  readonly expiresAt: string;
}

/**
 * A third party vouches that whoever holds this proof is signed in to that account at its own service: nobody links an
 * account by naming it.
 */
export async function issueLinkProof(
  deps: Deps,
  { caller, account }: { readonly caller: PrincipalCaller; readonly account: string },
): Promise<LinkProof> {
  if (caller.merchant === undefined) throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  requireText('account', account, 200);
  const expiresAt = new Date(deps.clock.now().getTime() + LIVES_MS).toISOString();
  const content: Content = { merchant: caller.merchant, account, expiresAt };
  return { proof: sealHandle(deps.keys.handleSecret, 'link proof', '', content), expiresAt };
}

/** The account that a proof stands for: the third party's id, a slash, its own name of it. */
export function accountIn(deps: Pick<Deps, 'keys' | 'clock'>, proof: string): string {
  const content = openHandle<Content>(deps.keys.handleSecret, 'link proof', '', proof);
  if (content === undefined) throw new Refused('proof-invalid', 'that proves no account', 'forbidden');
  if (content.expiresAt <= deps.clock.now().toISOString())
    throw new Refused('proof-expired', 'the proof is over; sign in there again', 'gone');
  return `${content.merchant}/${content.account}`;
}

import { createHmac } from 'node:crypto';
import { Refused } from '#libs/domain/refused.ts';
import { isSecret } from '#libs/identity/secrets.ts';
import type { PrincipalSession } from '#libs/identity/sessions.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

export interface SignInPrincipal {
  readonly principal: string;
  /** As it was shown when the credential was bound. */
  readonly secret: string;
  /** Network address of whoever asks; limits are counted for each. */
  readonly from: string;
}

const EACH = { name: 'principal-sign-in', times: 60, seconds: 900 } as const;
const ADDRESS = { name: 'principal-sign-in-address', times: 600, seconds: 900 } as const;

/** Somebody who works with the system, by its credential. Throws `sign-in-refused`: whether it exists is told to nobody. */
export async function signInPrincipal(deps: Deps, input: SignInPrincipal): Promise<PrincipalSession> {
  await countTry(deps, input);
  const known = /^[a-z2-7]{26}$/.test(input.principal);
  const { state } = await load(deps.ledger, principals, `principal-${known ? input.principal : 'none'}`);
  const hash = state.phase === 'present' ? state.secretHash : undefined;
  if (!isSecret(input.secret, hash) || state.phase !== 'present') {
    throw new Refused('sign-in-refused', 'this is no credential in force', 'forbidden');
  }
  return { kind: 'principal', principal: input.principal, grants: state.grants };
}

async function countTry(deps: Deps, { principal, from }: SignInPrincipal): Promise<void> {
  const counted = [
    [ADDRESS, from],
    [EACH, `${from}\n${principal}`],
  ] as const;
  for (const [limit, key] of counted) {
    const mark = createHmac('sha256', deps.keys.handleSecret).update(`${limit.name}\n${key}`).digest('base64url');
    const wait = await deps.codes.count(limit, mark);
    if (wait === 0) continue;
    const retryAfter = Math.ceil(wait / 1_000);
    throw new Refused('too-many-tries', 'too many tries; wait a little', 'limited', { retryAfter });
  }
}

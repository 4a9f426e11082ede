import type { Grant } from '#libs/domain/principal/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { rightOf, type Action } from '#libs/identity/rights.ts';

/** For whom the caller acts, where several of its roles could do it: `admin`, `merchant:<id>`, `service:<id>`, or the id alone. */
export const ACT_FOR_HEADER = 'palmledger-act-for';

/**
 * The one grant that a request acts under. Throws `not-allowed` (403) where no role may do it, and `act-for-wanted` (422, with
 * the choices) where several may: nobody's request is guessed to be another company's.
 */
export function actingGrant(grants: readonly Grant[], action: Action, actFor: string | undefined): Grant {
  const able = grants.filter(({ role }) => rightOf(role, action) !== undefined);
  const meant = actFor === undefined ? able : able.filter((grant) => isMeant(grant, actFor));
  const [grant, another] = meant;
  if (grant === undefined) throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  if (another === undefined) return grant;
  throw new Refused('act-for-wanted', `several roles may do that: name one in ${ACT_FOR_HEADER}`, 'invalid', {
    choices: meant.map(nameOf),
  });
}

function isMeant(grant: Grant, actFor: string): boolean {
  return actFor === nameOf(grant) || (scopeOf(grant) !== undefined && actFor === scopeOf(grant));
}

function nameOf(grant: Grant): string {
  const scope = scopeOf(grant);
  return scope === undefined ? grant.role : `${grant.role}:${scope}`;
}

function scopeOf({ merchant, subscriber }: Grant): string | undefined {
  return merchant ?? subscriber;
}

import type { Grant } from '#libs/domain/principal/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { Role } from '#libs/domain/values.ts';
import type { Deps } from '../deps.ts';
import { merchants, subscribers } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

/** A role as it is asked for: a merchant names its merchant, a service its subscriber. */
export interface AskedRole {
  readonly role: Role;
  readonly merchant?: string | undefined;
  readonly subscriber?: string | undefined;
}

export function grantOf({ role, merchant, subscriber }: AskedRole): Grant {
  return {
    role,
    ...(merchant === undefined ? {} : { merchant }),
    ...(subscriber === undefined ? {} : { subscriber }),
  };
}

/** Nobody acts for a company or a service that there is not. */
export async function requireScopeExists(deps: Pick<Deps, 'ledger'>, { merchant, subscriber }: Grant): Promise<void> {
  if (merchant !== undefined) {
    const { state } = await load(deps.ledger, merchants, `merchant-${merchant}`);
    if (state.phase === 'none') throw new Refused('merchant-not-found', 'There is no such merchant.', 'missing');
  }
  if (subscriber !== undefined) {
    const { state } = await load(deps.ledger, subscribers, `subscriber-${subscriber}`);
    if (state.phase !== 'active') throw new Refused('subscriber-not-found', 'There is no such subscriber.', 'missing');
  }
}

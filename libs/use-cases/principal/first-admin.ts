import { newSecret } from '#libs/identity/secrets.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';

export interface FirstAdmin {
  readonly principal: string;
  /** Shown once; only its hash is kept. */
  readonly secret: string;
}

/** In a ledger where nobody has any role yet: the one from whom all others come. Undefined where somebody is there already. */
export async function makeFirstAdmin(deps: Deps): Promise<FirstAdmin | undefined> {
  if (await anybody(deps)) return undefined;
  const [principal] = await deps.keyring.reserve('principal');
  const { secret, hash } = newSecret();
  const at = isoNow(deps.clock);
  const who = whoOf({ kind: 'system', part: 'first start' });
  await decideOn(
    deps,
    principals,
    `principal-${principal!}`,
    [
      { type: 'InvitePrincipal', at, name: 'First admin', contact: 'console' },
      { type: 'BindCredential', at, secretHash: hash },
      { type: 'GrantRole', at, role: 'admin' },
    ],
    who,
  );
  return { principal: principal!, secret };
}

async function anybody({ ledger }: Pick<Deps, 'ledger'>): Promise<boolean> {
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({ after, limit: 1, types: ['RoleGranted'] });
    if (records.length > 0) return true;
    if (next === after) return false;
    after = next;
  }
}

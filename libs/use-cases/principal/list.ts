import { Refused } from '#libs/domain/refused.ts';
import type { Grant } from '#libs/domain/principal/state.ts';
import { open } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import type { Page, Paging } from '#libs/views/port.ts';
import type { Deps } from '../deps.ts';
import { principals } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';

export interface PrincipalShown {
  readonly principal: string;
  readonly name?: string;
  readonly contact?: string;
  readonly roles: readonly Grant[];
  readonly removed: boolean;
}

/** Who works with the system, with names as their keys still open them. */
export async function listPrincipals(deps: Deps, paging: Paging): Promise<Page<PrincipalShown>> {
  const page = await deps.views.principals.list(paging);
  const names = await namesOf(
    deps,
    page.items.map(({ principal }) => principal),
  );
  const items = page.items.map(({ principal, roles, removed }, at) => ({ principal, ...names[at]!, roles, removed }));
  return { ...page, items };
}

export async function readPrincipal(
  deps: Deps,
  { principal }: { readonly principal: string },
): Promise<PrincipalShown> {
  const { state } = await load(deps.ledger, principals, `principal-${principal}`);
  if (state.phase === 'none') throw new Refused('principal-not-found', 'There is no such principal.', 'missing');
  const [name] = await namesOf(deps, [principal]);
  const roles = state.phase === 'present' ? state.grants : [];
  return { principal, ...name!, roles, removed: state.phase === 'removed' };
}

async function namesOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  ids: readonly string[],
): Promise<readonly { name?: string; contact?: string }[]> {
  const firsts = await Promise.all(ids.map((id) => deps.ledger.readStream(`principal-${id}`, { limit: 1 })));
  const found = firsts.map(([first]) => first);
  const opened = await open(
    deps.keyring,
    found.filter((first): first is StoredRecord => first !== undefined),
  );
  const byStream = new Map(opened.map(({ stream, sealed }) => [stream, sealed]));
  return ids.map((id) => {
    const sealed = byStream.get(`principal-${id}`);
    if (sealed === undefined || sealed === 'gone') return {};
    return { name: sealed['name'] as string, contact: sealed['contact'] as string };
  });
}

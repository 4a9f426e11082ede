import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { openItem } from '../one-id/items.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { accountIn } from './proof.ts';

export interface Linked {
  readonly link: string;
  readonly account: string;
  readonly position: bigint;
}

/** Links an account that a third party has proven. One at a time; the palm pays without any as well. */
export async function linkAccount(
  deps: Deps,
  { caller, request, proof }: Asking & { readonly proof: string },
): Promise<Linked> {
  const who = whoOf(caller);
  const { plan, fresh } = await claim(deps, request, who, async () => {
    // Refused before anything is claimed; what it proves is kept under the link's own key alone.
    accountIn(deps, proof);
    const { stream } = await ownOneId(deps, caller);
    return { stream, link: newId() };
  });
  const { stream, link } = plan;
  const earlier = fresh ? undefined : await linkedEarlier(deps, caller, link);
  if (earlier !== undefined) return earlier;
  const account = accountIn(deps, proof);
  await deps.keyring.make([`${stream}/${link}`]);
  const at = isoNow(deps.clock);
  const command = { type: 'LinkAccount', at, link, sealed: { account } } as const;
  const { position } = await decideOn(deps, oneIds, stream, command, who);
  await tell(deps, stream, `linked/${link}`, 'security-notice', { what: 'link-changed', at });
  return { link, account, position };
}

/** A repeated request, also when the proof is over by then. Throws `item-gone` where it was unlinked since. */
async function linkedEarlier(deps: Deps, caller: Asking['caller'], link: string): Promise<Linked | undefined> {
  const { stream, state, places, position } = await ownOneId(deps, caller);
  const came = state.link === link || state.gone.includes(link) || state.removed.some(({ ref }) => ref === link);
  if (!came) return undefined;
  const { account } = await openItem<'AccountLinked'>(deps, stream, places, link);
  return { link, account, position };
}

/** The link goes, and its key with it. */
export async function unlinkAccount(
  deps: Deps,
  { link, ...asking }: Asking & { readonly link: string },
): Promise<{ position: bigint }> {
  const at = isoNow(deps.clock);
  const command = { type: 'UnlinkAccount', at, link } as const;
  const { position, stream } = await decideOnce(deps, asking, command, { type: 'AccountUnlinked', link });
  await tell(deps, stream, `unlinked/${link}`, 'security-notice', { what: 'link-changed', at });
  return { position };
}

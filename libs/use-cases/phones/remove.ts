import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import { announceChange, type Announced } from '../changes/announce.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';
import { Refused } from '#libs/domain/refused.ts';

export type PhoneGoing = { readonly state: 'removed'; readonly position: bigint } | WaitingRemoval;
type WaitingRemoval = { readonly state: 'waiting' } & Omit<Announced, 'seed'>;

/** A phone that was never verified goes at once; a verified one by the palm, or after 72 hours. The last one stays. */
export async function removePhone(
  deps: Deps,
  { phone, ...asking }: Asking & { readonly phone: string },
): Promise<PhoneGoing> {
  // Whether it waits is planned once: the same request gets the same answer when the phone is gone. Both ways claim within this plan.
  const { plan } = await claim(deps, asking.request, whoOf(asking.caller), async () => {
    const { stream, state, revision } = await ownOneId(deps, asking.caller);
    const waits = state.phones.some((one) => one.phone === phone && one.verified);
    return { stream, after: String(revision), change: newId(), waits };
  });
  if (plan.waits) return waiting(await announceChange(deps, asking, { kind: 'remove-phone', target: phone }));
  const command = { type: 'RemovePhone', at: isoNow(deps.clock), phone, reason: 'member' } as const;
  const { position } = await decideOnce(deps, asking, command, { type: 'PhoneRemoved', phone });
  return { state: 'removed', position };
}

/** In the place of a verified phone comes another that is verified already. */
export async function replacePhone(
  deps: Deps,
  { phone, by, ...asking }: Asking & { readonly phone: string; readonly by: string },
): Promise<WaitingRemoval> {
  const { state } = await ownOneId(deps, asking.caller);
  const isThere = by !== phone && state.phones.some((one) => one.phone === by && one.verified);
  if (!isThere) throw new Refused('phone-not-verified', 'The phone that comes instead is verified first.', 'conflict');
  return waiting(await announceChange(deps, asking, { kind: 'replace-phone', target: phone, details: { by } }));
}

function waiting({ change, kind, takesEffectAt, confirmationCode, position }: Announced): WaitingRemoval {
  return { state: 'waiting', change, kind, takesEffectAt, confirmationCode, position };
}

import type { ChangeKind } from '#libs/domain/one-id/events.ts';
import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { whoOf } from '../callers.ts';
import { claim } from '../claim/claim.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { erasureSeed, type ErasureSeed } from '../erasure/receipt.ts';
import type { Asking } from '../one-id/once.ts';
import { ownOneId, type Own } from '../one-id/own.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { confirmationCode } from './confirmation-code.ts';
import { detailsOf, detailsWith, seedIn, type ChangeDetails } from './details.ts';

export interface Announcing {
  readonly kind: ChangeKind;
  /** The phone's reference, or empty where the whole One ID is concerned. */
  readonly target?: string;
  readonly details?: ChangeDetails;
}

export interface Announced {
  readonly change: string;
  readonly kind: ChangeKind;
  readonly takesEffectAt: string;
  /** With it the palm at a device makes the change at once. */
  readonly confirmationCode: string;
  readonly position: bigint;
}

interface Plan {
  readonly stream: string;
  readonly change: string;
}

/** A risky change waits, and every contact hears of it: whoever was robbed of a phone has the time to stop it. */
export async function announceChange(
  deps: Deps,
  { caller, request }: Asking,
  asking: Announcing,
): Promise<Announced & { readonly seed?: ErasureSeed }> {
  const { kind } = asking;
  const who = whoOf(caller);
  const { plan, fresh } = await claim<Plan>(deps, request, who, async () => {
    const { stream } = await ownOneId(deps, caller);
    return { stream, change: newId() };
  });
  const { stream, change } = plan;
  const earlier = fresh ? undefined : await announcedEarlier(deps, caller, change);
  const { state, position } =
    earlier ?? (await decideOn(deps, oneIds, stream, await commandOf(deps, plan, asking), who));
  const takesEffectAt = effectOf(state, change) ?? isoNow(deps.clock);
  await tell(deps, stream, `change-announced/${change}`, 'change-announced', { change: kind, takesEffectAt });
  const code = confirmationCode(deps, stream, change);
  const announced = { change, kind, takesEffectAt, confirmationCode: code, position };
  // Read back: of two requests at once only one has announced it, and of nobody's seed there is a copy elsewhere.
  return kind === 'leave' ? { ...announced, seed: seedIn(await detailsOf(deps, stream, change)) } : announced;
}

/** When it will take effect, or ended. */
function effectOf(state: OneIdState, change: string): string | undefined {
  if (!isLiving(state)) return undefined;
  const waiting = state.waitingChanges.find((one) => one.change === change);
  return waiting?.takesEffectAt ?? state.settledChanges.find((one) => one.change === change)?.at;
}

async function commandOf(deps: Deps, { change }: Plan, { kind, target = '', details = {} }: Announcing) {
  const seed = kind === 'leave' ? detailsWith(await reserveSeed(deps)) : {};
  const at = isoNow(deps.clock);
  const takesEffectAt = new Date(Date.parse(at) + deps.policy.changeHours * 3_600_000).toISOString();
  const sealed = { details: { ...details, ...seed } };
  return { type: 'AnnounceChange', at, change, kind, target, takesEffectAt, sealed } as const;
}

/** A repeated request, whatever became of the change meanwhile: also of a member who is leaving by it. */
async function announcedEarlier(deps: Deps, caller: Asking['caller'], change: string): Promise<Own | undefined> {
  const own = await ownOneId(deps, caller);
  const { waitingChanges, settledChanges } = own.state;
  return [...waitingChanges, ...settledChanges].some((one) => one.change === change) ? own : undefined;
}

/** The erasure's key is made ahead with its id, long before its first event. */
export async function reserveSeed(deps: Pick<Deps, 'keyring'>): Promise<ErasureSeed> {
  const [erasure] = await deps.keyring.reserve('erasure');
  return erasureSeed(erasure!);
}

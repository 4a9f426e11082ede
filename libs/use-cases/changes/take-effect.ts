import { isLiving } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { startErasure } from '../erasure/start.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { detailsOf, seedIn } from './details.ts';

/**
 * The time of an announced change has come: for whoever finds it due. What was withdrawn or made meanwhile stays as it is.
 * Throws `change-not-due` where it still waits.
 */
export async function letChangeTakeEffect(
  deps: Deps,
  { stream, change }: { readonly stream: string; readonly change: string },
  who: Who,
): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, stream);
  const waiting = isLiving(state) ? state.waitingChanges.find((one) => one.change === change) : undefined;
  if (waiting === undefined) return;
  const at = isoNow(deps.clock);
  const isDue = at >= waiting.takesEffectAt;
  const erasure = waiting.kind === 'leave' && isDue ? await beginErasure(deps, stream, change, who) : undefined;
  const command = { type: 'LetChangeTakeEffect', at, change, ...(erasure === undefined ? {} : { erasure }) } as const;
  const { events } = await decideOn(deps, oneIds, stream, command, who);
  // Where the rules did not allow it any more it ended without effect, and that is what is told.
  const template = events.some(({ type }) => type === 'ChangeWithdrawn') ? 'change-withdrawn' : 'change-done';
  await tell(deps, stream, `${template}/${change}`, template, { change: waiting.kind });
}

async function beginErasure(deps: Deps, stream: string, change: string, who: Who) {
  const seed = seedIn(await detailsOf(deps, stream, change));
  const oneId = stream.slice('oneId-'.length);
  return startErasure(deps, { oneId, reason: 'member', requestedBy: '', seed }, who);
}

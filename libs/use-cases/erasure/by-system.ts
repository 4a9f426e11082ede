import { isLiving } from '#libs/domain/one-id/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { reserveSeed } from '../changes/announce.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn, type Who } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { startErasure } from './start.ts';

/** Nobody asks: the enrolment lapsed, the One ID was unused for two years, or the service closes. Repeated, it changes nothing. */
export async function requestBySystem(
  deps: Deps,
  stream: string,
  reason: 'unused' | 'lapsed' | 'service-closed',
  who: Who,
): Promise<void> {
  const { state } = await load(deps.ledger, oneIds, stream);
  if (!isLiving(state) || state.status === 'leaving') return;
  const request = { type: 'RequestErasure', at: isoNow(deps.clock), reason } as const;
  // Asked before anything is begun: for whom the reason does not hold, no erasure starts and no message goes out.
  oneIds.decider.decide({ ...request, sealed: { erasure: '' } }, state);
  const oneId = stream.slice('oneId-'.length);
  const seed = await reserveSeed(deps);
  const erasure = await startErasure(deps, { oneId, reason, requestedBy: '', seed }, who);
  await decideOn(deps, oneIds, stream, { ...request, sealed: erasure }, who);
  await deps.recognition.oneIdClosed(oneId);
}

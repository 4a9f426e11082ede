import type { EnrolOutcome, EnrolRequest, ZoneRefusal } from '../port.ts';
import { inTime } from './doubt.ts';
import { pack } from './packing.ts';
import type { PalmSeen } from './read-palm.ts';
import type { ZoneState } from './zone-state.ts';

/** Who holds this palm already? Else it is sealed for the event that the caller will append. */
export async function enrolPalm(
  state: ZoneState,
  { oneId, place, binding }: EnrolRequest,
  { likenesses, stillHolds }: PalmSeen,
): Promise<Exclude<EnrolOutcome, ZoneRefusal>> {
  const alike = likenesses.flatMap(({ matches, crowd }) => matches.filter(({ score }) => score >= crowd.threshold));
  const other = alike.find((match) => match.oneId !== oneId);
  if (other !== undefined) {
    stillHolds(other.oneId);
    return { outcome: 'known', knownRef: state.known.make({ oneId: other.oneId }, binding.device) };
  }
  const own = alike.find(({ palm }) => palm !== place.palm);
  if (own !== undefined) return { outcome: 'held', palm: own.palm };
  const { signature, quality, nearInfrared } = likenesses[0].read;
  const bytes = pack(signature);
  try {
    const sealed = await inTime(state.parts.policy.deadlineMs, state.parts.vault.seal(place, bytes));
    return { outcome: 'accepted', sealed, modelVersion: signature.modelVersion, quality, nearInfrared };
  } finally {
    bytes.fill(0);
  }
}

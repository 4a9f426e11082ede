import { randomUUID } from 'node:crypto';
import type { Hand } from '#libs/domain/values.ts';
import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { SignedRequest } from '#libs/device-protocol/headers.ts';
import { newId } from '#libs/runtime/ids.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';
import { knownHandle } from './known.ts';

export interface EnrolPalm {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly signed: SignedRequest;
  readonly enrolment: string;
  readonly hand: Hand;
  /** The encrypted capture as it stands in the signed body, base64url. */
  readonly capture: string;
}

export interface PalmEnrolled {
  readonly palm: string;
  readonly hand: Hand;
  readonly position: bigint;
}

/** A palm of somebody who enrols. The signature comes sealed from the recognition zone; nobody here could open it. */
export async function enrolPalm(deps: Deps, input: EnrolPalm): Promise<PalmEnrolled> {
  return takePalm(deps, enrolmentStream(deps, input.caller, input.enrolment), { ...input, purpose: 'enrol' });
}

export interface TakePalm extends Omit<EnrolPalm, 'enrolment'> {
  readonly purpose: 'enrol';
}

/** Adds a palm to a One ID that may take one. Throws `palm-known` (with a handle to go on by a code), `palm-refused` with reasons. */
export async function takePalm(deps: Deps, stream: string, input: TakePalm): Promise<PalmEnrolled> {
  const { caller, request, signed, hand, capture, purpose } = input;
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ palm: newId(), eventId: randomUUID(), stream }));
  const { state, position } = await load(deps.ledger, oneIds, plan.stream);
  if (isLiving(state) && state.palms.some(({ palm }) => palm === plan.palm)) return { palm: plan.palm, hand, position };
  await deps.keyring.make([`${plan.stream}/${plan.palm}`]);
  const { device, merchant } = caller;
  const outcome = await deps.recognition.enrol({
    signed,
    capture,
    binding: { device, merchant, purpose, request: request.idempotencyKey },
    oneId: plan.stream.slice('oneId-'.length),
    hand,
    place: { stream: plan.stream, eventId: plan.eventId, palm: plan.palm },
  });
  if (outcome.outcome === 'refused') {
    throw new Refused('palm-refused', 'the picture could not be used', 'invalid', { reasons: outcome.reasons });
  }
  if (outcome.outcome === 'held') throw new Refused('palm-held', 'this palm is registered here already');
  if (outcome.outcome === 'known') {
    const known = knownHandle(deps, caller, outcome.knownRef);
    throw new Refused('palm-known', 'this palm is registered; go on with a code to its phone', 'conflict', { known });
  }
  const { sealed, modelVersion } = outcome;
  const palm = { palm: plan.palm, hand, modelVersion, eventId: plan.eventId, sealed: { presealed: sealed } };
  const decided = await decideOn(
    deps,
    oneIds,
    plan.stream,
    { type: 'EnrolPalm', at: isoNow(deps.clock), ...palm },
    who,
  );
  return { palm: plan.palm, hand, position: decided.position };
}

import { randomUUID } from 'node:crypto';
import type { SignedRequest } from '#libs/device-protocol/headers.ts';
import type { Hand } from '#libs/domain/values.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { takePalm } from '../enrolment/palm.ts';
import { manageAtDevice, type AtDevice } from '../one-id/at-device.ts';

export interface AddPalmAtDevice extends AtDevice {
  readonly signed: SignedRequest;
  readonly hand: Hand;
  /** Sealed for `enrol` under the ticket's request, base64url. */
  readonly capture: string;
}

export interface PalmAdded {
  readonly palm: string;
  readonly hand: Hand;
  readonly position: bigint;
}

/** One palm lets the other in: the member shows an enrolled palm, and then the new one. */
export async function addPalmAtDevice(deps: Deps, input: AddPalmAtDevice): Promise<PalmAdded> {
  const plan = () => ({ palm: newId(), eventId: randomUUID() });
  return manageAtDevice(deps, input, plan, async (stream) => {
    const added = await takePalm(deps, stream, { ...input, purpose: 'enrol' });
    const { palm, hand } = added;
    await tell(deps, stream, `palm-added/${palm}`, 'palm-added', { hand, at: isoNow(deps.clock) });
    return added;
  });
}

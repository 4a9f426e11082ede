import { newId } from '#libs/runtime/ids.ts';
import type { Deps } from '../deps.ts';
import { addCardTo, type CardAdded } from '../enrolment/card.ts';
import { manageAtDevice, type AtDevice } from '../one-id/at-device.ts';
import { tellOfCard } from './add.ts';

export interface AddCardAtDevice extends AtDevice {
  /** Encrypted to the card network's tokeniser, base64url. */
  readonly card: string;
}

/** A card, read by the device that just recognised the palm. */
export async function addCardAtDevice(deps: Deps, input: AddCardAtDevice): Promise<CardAdded> {
  const { caller, request, card } = input;
  const plan = () => ({ card: newId() });
  return manageAtDevice(deps, input, plan, async (stream) => {
    const added = await addCardTo(deps, stream, { caller, request, card });
    await tellOfCard(deps, stream, added);
    return added;
  });
}

import type { Deps } from '../deps.ts';
import { addPhoneTo, verifyPhoneOf, type PhoneAdded } from '../enrolment/phone.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import { openItem } from '../one-id/items.ts';
import type { Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';

/** Adding is no risk: until its code came back a phone is told nothing and proves nothing. */
export async function addOwnPhone(
  deps: Deps,
  { caller, request, number }: Asking & { readonly number: string },
): Promise<PhoneAdded> {
  const { stream } = await ownOneId(deps, caller);
  return addPhoneTo(deps, stream, { caller, request, number });
}

/** The right code verifies it; the other contacts are told that there is a new one. */
export async function verifyOwnPhone(
  deps: Deps,
  input: Asking & { readonly phone: string; readonly code: string },
): Promise<{ position: bigint }> {
  const { caller, phone } = input;
  const stream = `oneId-${caller.oneId}`;
  const verified = await verifyPhoneOf(deps, stream, input);
  const { places } = await ownOneId(deps, caller);
  const { number } = await openItem<'PhoneAdded'>(deps, stream, places, phone);
  const values = { lastTwo: number.slice(-2), at: isoNow(deps.clock) };
  await tell(deps, stream, `phone-added/${phone}`, 'phone-added', values, [phone]);
  return verified;
}

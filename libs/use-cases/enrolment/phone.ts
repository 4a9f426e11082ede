import { isLiving } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { callerId, whoOf, type DeviceCaller, type MemberCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { requireCode, sendCode } from '../contacts/codes.ts';
import { languageOf } from '../contacts/contacts.ts';
import { phoneNumber } from '../contacts/phone-number.ts';
import type { Deps } from '../deps.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';

export interface AddPhone {
  readonly caller: DeviceCaller | MemberCaller;
  readonly request: Request;
  readonly number: string;
}

export interface PhoneAdded {
  readonly phone: string;
  /** Until when the code that was sent counts. */
  readonly codeExpiresAt: string;
  readonly position: bigint;
}

export interface VerifyPhone {
  readonly caller: DeviceCaller | MemberCaller;
  readonly request: Request;
  readonly phone: string;
  readonly code: string;
}

type Enrolling = { readonly caller: DeviceCaller; readonly enrolment: string };

export async function addEnrolmentPhone(deps: Deps, input: AddPhone & Enrolling): Promise<PhoneAdded> {
  return addPhoneTo(deps, enrolmentStream(deps, input.caller, input.enrolment), input);
}

/** Whoever enrols has one phone that waits for its code: the last that was given. */
export async function verifyEnrolmentPhone(
  deps: Deps,
  input: Omit<VerifyPhone, 'phone'> & Enrolling,
): Promise<{ position: bigint }> {
  const stream = enrolmentStream(deps, input.caller, input.enrolment);
  const { state } = await load(deps.ledger, oneIds, stream);
  const phone = isLiving(state) ? (state.phones.findLast((one) => !one.verified) ?? state.phones.at(-1)) : undefined;
  if (phone === undefined) throw new Refused('phone-unknown', 'there is no phone that waits for a code', 'missing');
  return verifyPhoneOf(deps, stream, { ...input, phone: phone.phone });
}

/** A phone counts once its code came back. A repeated request sends a new code; the old one is void. */
export async function addPhoneTo(
  deps: Deps,
  stream: string,
  { caller, request, number }: AddPhone,
): Promise<PhoneAdded> {
  const e164 = phoneNumber(number);
  const who = whoOf(caller);
  const { plan } = await claim(deps, request, who, async () => ({ stream, phone: newId() }));
  const key = `${plan.stream}/${plan.phone}`;
  await deps.keyring.make([key]);
  const command = { type: 'AddPhone', at: isoNow(deps.clock), phone: plan.phone, sealed: { number: e164 } } as const;
  const { position } = await decideOn(deps, oneIds, plan.stream, command, who);
  const language = await languageOf(deps, plan.stream);
  const subject = subjectOf(plan.stream, plan.phone);
  const sent = await sendCode(deps, {
    purpose: 'verify-phone',
    subject,
    number: e164,
    key,
    language,
    caller: callerId(caller),
  });
  return { phone: plan.phone, codeExpiresAt: sent.expiresAt, position };
}

/** The right code verifies the phone. Who held the number before loses it: a workflow sees to that (see phone-moves). */
export async function verifyPhoneOf(deps: Deps, stream: string, input: VerifyPhone): Promise<{ position: bigint }> {
  const { caller, request, phone, code } = input;
  const who = whoOf(caller);
  // The claim is made once the code was right: a code is taken away when it is used, and a repeated request must not need it.
  const { plan } = await claim(deps, request, who, async () => {
    await requireCode(deps, 'verify-phone', subjectOf(stream, phone), code);
    return { stream, phone };
  });
  const command = { type: 'VerifyPhone', at: isoNow(deps.clock), phone: plan.phone } as const;
  const { position } = await decideOn(deps, oneIds, plan.stream, command, who);
  return { position };
}

function subjectOf(stream: string, phone: string): string {
  return `${stream}/${phone}`;
}

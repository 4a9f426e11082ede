import { isLiving, type OneIdState } from '#libs/domain/one-id/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import { callerId, whoOf, type DeviceCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { reserveSeed } from '../changes/announce.ts';
import { requireCode, sendCode } from '../contacts/codes.ts';
import { contactsOf, languageOf } from '../contacts/contacts.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { startErasure } from '../erasure/start.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';
import { enrolmentStream } from './handle.ts';
import { knownRefOf } from './known.ts';

export interface KnownPalm {
  readonly caller: DeviceCaller;
  readonly request: Request;
  readonly enrolment: string;
  /** As the refusal `palm-known` gave it to this device. */
  readonly known: string;
}

/**
 * The palm is another One ID's: whoever stands here shows to be that member by a code to that One ID's phone. A palm alone is
 * no sign-in, and a chance match opens nothing. The answer says nothing of the phone.
 */
export async function askKnownMember(deps: Deps, input: KnownPalm): Promise<{ codeExpiresAt: string }> {
  const { caller, request } = input;
  const enrolling = enrolmentStream(deps, caller, input.enrolment);
  const oneId = await memberOf(deps, input);
  await claim(deps, request, whoOf(caller), async () => ({ enrolling, oneId }));
  const stream = `oneId-${oneId}`;
  const { contacts, language } = await contactsOf(deps, stream);
  const [contact] = contacts;
  if (contact === undefined) throw new Refused('no-phone', 'there is no phone to ask; an admin decides', 'conflict');
  const { number, key } = contact;
  const subject = subjectOf(enrolling, oneId);
  const sent = { purpose: 'known-palm', subject, number, key, language, caller: callerId(caller) } as const;
  const { expiresAt } = await sendCode(deps, sent);
  return { codeExpiresAt: expiresAt };
}

interface Plan {
  readonly enrolling: string;
  readonly oneId: string;
  /** Names the message to the member. */
  readonly told: string;
}

/** The code came back: they are a member already, so this enrolment ends and is erased. It opens nothing of the other. */
export async function verifyKnownMember(
  deps: Deps,
  input: KnownPalm & { readonly code: string },
): Promise<{ member: true; position: bigint }> {
  const { caller, request, code } = input;
  const who = whoOf(caller);
  const { plan } = await claim<Plan>(deps, request, who, async () => {
    const enrolling = enrolmentStream(deps, caller, input.enrolment);
    const oneId = await memberOf(deps, input);
    await requireCode(deps, 'known-palm', subjectOf(enrolling, oneId), code);
    return { enrolling, oneId, told: newId() };
  });
  const position = await endEnrolment(deps, plan, who);
  await tell(deps, `oneId-${plan.oneId}`, `palm-known/${plan.told}`, 'palm-known', { at: isoNow(deps.clock) });
  return { member: true, position };
}

async function endEnrolment(deps: Deps, { enrolling }: Plan, who: ReturnType<typeof whoOf>): Promise<bigint> {
  const { state, position } = await load(deps.ledger, oneIds, enrolling);
  if (!isEnrolling(state)) return position;
  const oneId = enrolling.slice('oneId-'.length);
  const sealed = { language: await languageOf(deps, enrolling) };
  const seed = await reserveSeed(deps);
  const started = { oneId, reason: 'consent-withdrawn', requestedBy: '', seed } as const;
  const erasure = await startErasure(deps, started, who);
  // Whoever goes on as the member they are takes back what they agreed to here.
  const command = { type: 'WithdrawConsent', at: isoNow(deps.clock), sealed, erasure } as const;
  return (await decideOn(deps, oneIds, enrolling, command, who)).position;
}

function isEnrolling(state: OneIdState): boolean {
  return isLiving(state) && state.status === 'enrolling';
}

async function memberOf(deps: Deps, { caller, known }: KnownPalm): Promise<string> {
  const knownRef = knownRefOf(deps, caller, known);
  const found = knownRef === undefined ? undefined : await deps.recognition.resolveKnown(knownRef, caller.device);
  if (found?.outcome === 'resolved') return found.oneId;
  throw new Refused('known-unknown', 'that is over; hold the palm over the device again', 'gone');
}

function subjectOf(enrolling: string, oneId: string): string {
  return `${enrolling}/${oneId}`;
}

import { createHmac } from 'node:crypto';
import { Refused } from '#libs/domain/refused.ts';
import { codeMinutes, issueCode } from '#libs/identity/codes.ts';
import type { Owner } from '#libs/identity/contact-index.ts';
import { newId } from '#libs/runtime/ids.ts';
import { callerId, whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { requireCode, tooMany } from '../contacts/codes.ts';
import { languageOf } from '../contacts/contacts.ts';
import { contactsReached } from '../contacts/index-reached.ts';
import { phoneNumber } from '../contacts/phone-number.ts';
import type { Deps } from '../deps.ts';
import { newLook } from '../look/record.ts';
import { shownOneId, type OneIdShown } from './one-id.ts';

export interface AskForProof {
  readonly caller: PrincipalCaller;
  /** Of whoever stands before the admin, or calls. */
  readonly phone: string;
}

export interface ProofOnItsWay {
  readonly expiresAt: string;
  /** Sends the message, where there is one to send: to be called once the answer has gone out. */
  readonly send: () => Promise<void>;
}

/**
 * A code to the phone of whoever asks to be looked up: only who has the phone gets an admin to look. The answer is the same
 * whether anybody has the number or not.
 */
export async function askForProof(deps: Deps, { caller, phone }: AskForProof): Promise<ProofOnItsWay> {
  const number = phoneNumber(phone);
  await contactsReached(deps);
  const owner = deps.contacts.find('phone', number);
  const issued = await issueCode(deps, {
    purpose: 'prove-phone',
    subject: subjectOf(deps, caller, number),
    phone: number,
    caller: callerId(caller),
    known: owner !== undefined,
  });
  if (issued.status === 'too-many') throw tooMany(issued.retryAfterSeconds);
  const { expiresAt, code } = issued;
  const send = async (): Promise<void> => {
    if (owner !== undefined && code !== undefined) await sendTo(deps, owner, number, code, expiresAt);
  };
  return { expiresAt, send };
}

export interface ConfirmProof extends AskForProof {
  readonly request: Request;
  readonly code: string;
  readonly reason: string;
}

/** The One ID whose phone brought the code back; a look that the member sees. */
export async function findByPhone(deps: Deps, input: ConfirmProof): Promise<OneIdShown> {
  const { caller, request, phone, code, reason } = input;
  const { plan } = await claim(deps, request, whoOf(caller), async () => {
    const number = phoneNumber(phone);
    await contactsReached(deps);
    await requireCode(deps, 'prove-phone', subjectOf(deps, caller, number), code);
    const owner = deps.contacts.find('phone', number);
    if (owner === undefined) throw new Refused('code-none', 'there is no code any more; ask for a new one', 'gone');
    return { oneId: owner.oneId, look: await newLook(deps) };
  });
  return shownOneId(deps, { caller, ...plan, reason, askedFor: 'search' });
}

/** By an HMAC of the number and of the admin: a code that one asked for is worth nothing to another. */
function subjectOf({ keys }: Pick<Deps, 'keys'>, { principal }: PrincipalCaller, number: string): string {
  return createHmac('sha256', keys.handleSecret).update(`prove-phone\n${principal}\n${number}`).digest('base64url');
}

async function sendTo(deps: Deps, owner: Owner, to: string, code: string, notAfter: string): Promise<void> {
  const stream = `oneId-${owner.oneId}`;
  await deps.outbox.enqueue({
    id: `code/${newId()}`,
    key: `${stream}/${owner.ref}`,
    channel: 'sms',
    to,
    template: 'change-code',
    language: await languageOf(deps, stream),
    values: { code, minutes: codeMinutes },
    notAfter,
  });
}

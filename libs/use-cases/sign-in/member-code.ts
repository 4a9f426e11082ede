import type { Owner } from '#libs/identity/contact-index.ts';
import { codeMinutes, issueCode } from '#libs/identity/codes.ts';
import { newId } from '#libs/runtime/ids.ts';
import { tooMany } from '../contacts/codes.ts';
import { languageOf } from '../contacts/contacts.ts';
import { contactsReached } from '../contacts/index-reached.ts';
import { phoneNumber } from '../contacts/phone-number.ts';
import type { Deps } from '../deps.ts';
import { signInSubject } from './subject.ts';

export interface AskForSignInCode {
  readonly phone: string;
  /** Network address of whoever asks. */
  readonly from: string;
}

export interface CodeOnItsWay {
  readonly expiresAt: string;
  /** Sends the message, where there is one to send: to be called once the answer has gone out. */
  readonly send: () => Promise<void>;
}

/**
 * A code to a verified phone. The answer and the way to it are the same whether anybody has the number or not; what differs
 * (reading the language, the message) is left for after the answer.
 */
export async function askForSignInCode(deps: Deps, { phone, from }: AskForSignInCode): Promise<CodeOnItsWay> {
  const number = phoneNumber(phone);
  await contactsReached(deps);
  const owner = deps.contacts.find('phone', number);
  const subject = signInSubject(deps, number);
  const request = { purpose: 'sign-in', subject, phone: number, caller: from, known: owner !== undefined } as const;
  const issued = await issueCode(deps, request);
  if (issued.status === 'too-many') throw tooMany(issued.retryAfterSeconds);
  const { expiresAt, code } = issued;
  const send = async (): Promise<void> => {
    if (owner !== undefined && code !== undefined) await sendTo(deps, owner, number, code, expiresAt);
  };
  return { expiresAt, send };
}

async function sendTo(deps: Deps, owner: Owner, to: string, code: string, notAfter: string): Promise<void> {
  const stream = `oneId-${owner.oneId}`;
  const language = await languageOf(deps, stream);
  await deps.outbox.enqueue({
    id: `code/${newId()}`,
    key: `${stream}/${owner.ref}`,
    channel: 'sms',
    to,
    template: 'sign-in-code',
    language,
    values: { code, minutes: codeMinutes },
    notAfter,
  });
}

import { Refused } from '#libs/domain/refused.ts';
import { issueCode, codeMinutes, verifyCode, type CodePurpose } from '#libs/identity/codes.ts';
import type { Language } from '#libs/notices/templates.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { Deps } from '../deps.ts';

export interface SendCode {
  readonly purpose: CodePurpose;
  /** Whom the code is about, opaque. */
  readonly subject: string;
  readonly number: string;
  /** The key that seals the message while it waits. */
  readonly key: string;
  readonly language: Language;
  /** Who asks: limits are counted for each. */
  readonly caller: string;
}

const TEMPLATES = {
  'sign-in': 'sign-in-code',
  'verify-phone': 'phone-code',
  'known-palm': 'change-code',
  'prove-phone': 'change-code',
} as const;

/** Sends a one-time code; the one before is void. Throws `too-many-codes` (429). Answers until when it counts. */
export async function sendCode(deps: Deps, send: SendCode): Promise<{ expiresAt: string }> {
  const { purpose, subject, number, key, language, caller } = send;
  const issued = await issueCode(deps, { purpose, subject, phone: number, caller, known: true });
  if (issued.status === 'too-many') throw tooMany(issued.retryAfterSeconds);
  await deps.outbox.enqueue({
    id: `code/${newId()}`,
    key,
    channel: 'sms',
    to: number,
    template: TEMPLATES[purpose],
    language,
    values: { code: issued.code!, minutes: codeMinutes },
    notAfter: issued.expiresAt,
  });
  return { expiresAt: issued.expiresAt };
}

/** Throws `code-wrong` (with the tries left) or `code-none` where a new one has to be asked for. */
export async function requireCode(deps: Deps, purpose: CodePurpose, subject: string, code: string): Promise<void> {
  const { result, ...rest } = await verifyCode(deps, { purpose, subject, code });
  if (result === 'right') return;
  if (result === 'none') throw new Refused('code-none', 'there is no code any more; ask for a new one', 'gone');
  throw new Refused('code-wrong', 'this is not the code', 'forbidden', rest);
}

export function tooMany(retryAfter: number): Refused {
  return new Refused('too-many-codes', 'too many codes were asked for; wait a little', 'limited', { retryAfter });
}

import { createHmac, hkdfSync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#libs/runtime/clock.ts';
import type { ServiceKeys } from './service-keys.ts';

/** What a code is for; one sent for one purpose is worth nothing for another. */
export type CodePurpose = 'sign-in' | 'verify-phone' | 'known-palm' | 'prove-phone';

export const codeMinutes = 10;
export const codeTries = 5;

/** Where codes wait for an answer. Losing one means that it is asked for again, never that somebody gets in. */
export interface CodeStore {
  /** In place of what the key had: a new code voids the old. */
  put(key: string, code: StoredCode): Promise<void>;
  /** Takes one try and answers with what is left after it; undefined where there is no code, it lapsed, or no try was left. */
  tryOnce(key: string, now: number): Promise<StoredCode | undefined>;
  /** True for the one caller that took away the code with this hash: of many that know it, one is let in. */
  drop(key: string, hash: Uint8Array): Promise<boolean>;
  /** Counts one more within the limit's window. Milliseconds to wait; 0 where it is within the limit. In real time. */
  count(limit: SendLimit, key: string): Promise<number>;
}

/** `hash`: HMAC of the code; `expiresAt`: milliseconds since 1970. */
export interface StoredCode {
  readonly hash: Uint8Array;
  readonly triesLeft: number;
  readonly expiresAt: number;
}

/** So many within so many seconds; the name keeps limits apart. */
export interface SendLimit {
  readonly name: string;
  readonly times: number;
  readonly seconds: number;
}

/**
 * How many codes go out. With five tries each, who guesses at one phone's codes has a hundred tries a day at a million.
 * `caller` is whoever asks: a network address, a device, a principal.
 */
export const sendLimits = {
  caller: { name: 'caller', times: 60, seconds: 900 },
  subject: { name: 'subject', times: 10, seconds: 900 },
  phone: { name: 'phone', times: 6, seconds: 900 },
  phoneDaily: { name: 'phone-daily', times: 20, seconds: 86_400 },
} as const satisfies Record<string, SendLimit>;
export type SendLimits = Readonly<Record<keyof typeof sendLimits, SendLimit>>;

export interface Codes {
  readonly codes: CodeStore;
  readonly keys: Pick<ServiceKeys, 'handleSecret'>;
  readonly clock: Clock;
}

/** `subject`: whom the code is about, opaque (a One ID with a phone's reference, a handle, or an HMAC of the number). */
export interface CodeRequest {
  readonly purpose: CodePurpose;
  readonly subject: string;
  /** E.164; only its HMAC is kept, and only to count. */
  readonly phone: string;
  readonly caller: string;
  /**
   * False where nobody has the phone: everything then happens as for one that is known, but no code could ever be right,
   * and none is to be sent. Who asks cannot tell, if the answer goes out before the message does.
   */
  readonly known: boolean;
}

export type CodeIssued =
  | { readonly status: 'issued'; readonly expiresAt: string; readonly code?: string }
  | { readonly status: 'too-many'; readonly retryAfterSeconds: number };

export async function issueCode(
  { codes, keys, clock }: Codes,
  request: CodeRequest,
  limits: SendLimits = sendLimits,
): Promise<CodeIssued> {
  const secret = codeSecret(keys);
  const wait = await countSending(codes, secret, request, limits);
  if (wait > 0) return { status: 'too-many', retryAfterSeconds: Math.ceil(wait / 1_000) };
  const code = randomInt(0, 1_000_000).toString().padStart(6, '0');
  // Both are made in any case, so that time does not tell one from the other.
  const [right, never] = [hashOf(secret, request, code), randomBytes(32)];
  const hash = request.known ? right : never;
  const expiresAt = clock.now().getTime() + codeMinutes * 60_000;
  await codes.put(keyOf(secret, request), { hash, triesLeft: codeTries, expiresAt });
  const issued = { status: 'issued', expiresAt: new Date(expiresAt).toISOString() } as const;
  return request.known ? { ...issued, code } : issued;
}

async function countSending(
  codes: CodeStore,
  secret: Uint8Array,
  { purpose, subject, phone, caller }: CodeRequest,
  limits: SendLimits,
): Promise<number> {
  const counted = [
    [limits.caller, `caller\n${caller}`],
    [limits.subject, `subject\n${purpose}\n${subject}`],
    [limits.phone, `phone\n${purpose}\n${phone}`],
    [limits.phoneDaily, `phone\n${purpose}\n${phone}`],
  ] as const;
  for (const [limit, key] of counted) {
    const wait = await codes.count(limit, hmac(secret, key).toString('base64url'));
    if (wait > 0) return wait;
  }
  return 0;
}

export interface CodeAnswer {
  readonly purpose: CodePurpose;
  readonly subject: string;
  readonly code: string;
}

/** `none`: there is no code (any more), or its tries are used up; a new one has to be asked for. */
export type CodeResult =
  { readonly result: 'right' } | { readonly result: 'wrong'; readonly triesLeft: number } | { readonly result: 'none' };

/** A right code is taken away: it lets in once. */
export async function verifyCode({ codes, keys, clock }: Codes, answer: CodeAnswer): Promise<CodeResult> {
  const secret = codeSecret(keys);
  const key = keyOf(secret, answer);
  const stored = await codes.tryOnce(key, clock.now().getTime());
  if (!stored) return { result: 'none' };
  const { hash, triesLeft } = stored;
  if (!timingSafeEqual(hash, hashOf(secret, answer, answer.code))) return { result: 'wrong', triesLeft };
  return (await codes.drop(key, hash)) ? { result: 'right' } : { result: 'none' };
}

function codeSecret({ handleSecret }: Codes['keys']): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', handleSecret, '', 'palmledger one-time codes', 32));
}

type About = Pick<CodeRequest, 'purpose' | 'subject'>;

function keyOf(secret: Uint8Array, { purpose, subject }: About): string {
  return hmac(secret, `key\n${purpose}\n${subject}`).toString('base64url');
}

/** Bound to purpose and subject, so that a stored code serves nobody else. */
function hashOf(secret: Uint8Array, { purpose, subject }: About, code: string): Uint8Array {
  return hmac(secret, `code\n${purpose}\n${subject}\n${code}`);
}

function hmac(secret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

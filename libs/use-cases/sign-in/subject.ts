import { createHmac } from 'node:crypto';
import type { Deps } from '../deps.ts';

/** Whom a sign-in code is about: the number itself, by an HMAC, so that it is the same whether anybody has it or not. */
export function signInSubject(deps: Pick<Deps, 'keys'>, number: string): string {
  return createHmac('sha256', deps.keys.handleSecret).update(`sign-in\n${number}`).digest('base64url');
}

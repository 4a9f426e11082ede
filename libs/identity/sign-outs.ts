import { createHmac, randomBytes } from 'node:crypto';
import type { Session } from './sessions.ts';

const most = 100_000;

/**
 * Who has signed out everywhere, and when; a token that is older is void. Kept for as long as a token lives, in memory, under
 * a key drawn at each start. Where it overflows, and at the start, all older tokens are void: on any doubt people sign in again.
 */
export class SignOuts {
  readonly #secret = randomBytes(32);
  readonly #since = new Map<string, string>();
  readonly #max: number;
  #floor: string;

  /** `startedAt`: tokens from before it are void, since nobody knows who signed out then. */
  constructor(startedAt: Date, max = most) {
    this.#floor = startedAt.toISOString();
    this.#max = max;
  }

  /** Tokens issued up to this moment are void, those of the same millisecond included. */
  signOut(session: Session, at: Date): void {
    const key = this.#key(session);
    this.#since.delete(key);
    this.#since.set(key, new Date(at.getTime() + 1).toISOString());
    if (this.#since.size <= this.#max) return;
    const [oldest] = this.#since;
    if (!oldest) return;
    this.#since.delete(oldest[0]);
    this.#floor = later(this.#floor, oldest[1]);
  }

  notBefore(session: Session): string {
    return later(this.#floor, this.#since.get(this.#key(session)) ?? this.#floor);
  }

  #key(session: Session): string {
    const owner = session.kind === 'member' ? session.oneId : session.principal;
    return createHmac('sha256', this.#secret).update(`${session.kind}\n${owner}`).digest('base64url');
  }
}

/** ISO 8601 in UTC with milliseconds sorts as text. */
function later(a: string, b: string): string {
  return a > b ? a : b;
}

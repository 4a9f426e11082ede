import { WINDOW_SECONDS } from './headers.ts';

export type NonceVerdict = 'fresh' | 'repeated' | 'out-of-window' | 'before-start' | 'busy';

export interface NonceMemoryOptions {
  /** A signature made before this is refused, since this memory cannot know whether it was used. */
  readonly startedAt: Date;
  /** How many are remembered at most, over all devices; when full, new ones are refused, none is forgotten early. */
  readonly capacity?: number;
}

/**
 * Remembers the nonces of requests for as long as their signatures count. In memory: a device whose clock runs ahead could
 * be played back across a restart within that lead; the chain (`followChain`), which is stored, refuses that.
 */
export class NonceMemory {
  readonly #notBefore: number;
  readonly #capacity: number;
  /** By the second that the signature was made in, so that what is over is dropped whole. */
  readonly #seconds = new Map<number, Set<string>>();
  #size = 0;
  #sweptTo = 0;

  constructor({ startedAt, capacity = 200_000 }: NonceMemoryOptions) {
    this.#notBefore = startedAt.getTime();
    this.#capacity = capacity;
  }

  /** To be asked once the signature is verified. `created` in seconds. */
  take(keyid: string, nonce: string, created: number, now: Date): NonceVerdict {
    if (!withinWindow(created, now)) return 'out-of-window';
    if (created * 1000 < this.#notBefore) return 'before-start';
    this.#forget(Math.floor(now.getTime() / 1000) - WINDOW_SECONDS - 1);
    // The clock was ahead and is set back: what was used at this second has been forgotten.
    if (created <= this.#sweptTo) return 'out-of-window';
    const entry = `${keyid} ${nonce}`;
    // The same nonce under another second is another signature by the same device; a sound device never does it.
    const second = this.#seconds.get(created) ?? new Set<string>();
    if (second.has(entry)) return 'repeated';
    if (this.#size >= this.#capacity) return 'busy';
    this.#seconds.set(created, second.add(entry));
    this.#size += 1;
    return 'fresh';
  }

  get size(): number {
    return this.#size;
  }

  /** Seconds up to this one are over, also for a clock that is set back later. */
  #forget(upTo: number): void {
    if (upTo <= this.#sweptTo) return;
    this.#sweptTo = upTo;
    for (const [second, nonces] of this.#seconds) {
      if (second > upTo) continue;
      this.#size -= nonces.size;
      this.#seconds.delete(second);
    }
  }
}

/** 60 seconds either side; `created` has no fraction, so its whole second counts. */
export function withinWindow(created: number, now: Date): boolean {
  const seconds = Math.floor(now.getTime() / 1000);
  return Math.abs(seconds - created) <= WINDOW_SECONDS;
}

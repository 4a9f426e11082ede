import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { CodeStore, SendLimit, StoredCode } from '../codes.ts';

const maxCodes = 100_000;
/** Counters share so many places: where two keys meet in one, the limit is reached sooner, never later. */
const counterPlaces = 2 ** 17;

/** For one process. Past `max` codes the oldest are void; they are asked for again. */
export class InMemoryCodeStore implements CodeStore {
  readonly #codes: LRUCache<string, StoredCode>;
  readonly #limiters = new Map<string, RateLimiterMemory>();

  constructor(max = maxCodes) {
    this.#codes = new LRUCache({ max });
  }

  async put(key: string, code: StoredCode): Promise<void> {
    this.#codes.set(key, code);
  }

  async tryOnce(key: string, now: number): Promise<StoredCode | undefined> {
    const code = this.#codes.peek(key);
    if (!code) return undefined;
    if (code.triesLeft < 1 || code.expiresAt <= now) {
      this.#codes.delete(key);
      return undefined;
    }
    const left = { ...code, triesLeft: code.triesLeft - 1 };
    this.#codes.set(key, left);
    return left;
  }

  async drop(key: string, hash: Uint8Array): Promise<boolean> {
    const code = this.#codes.peek(key);
    if (!code || !Buffer.from(code.hash).equals(hash)) return false;
    return this.#codes.delete(key);
  }

  async count(limit: SendLimit, key: string): Promise<number> {
    const place = createHash('sha256').update(key).digest().readUInt32BE() % counterPlaces;
    try {
      await this.#limiter(limit).consume(place);
      return 0;
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
      throw error;
    }
  }

  #limiter({ name, times, seconds }: SendLimit): RateLimiterMemory {
    const id = `${name}/${times}/${seconds}`;
    const known = this.#limiters.get(id);
    if (known) return known;
    const limiter = new RateLimiterMemory({ points: times, duration: seconds });
    this.#limiters.set(id, limiter);
    return limiter;
  }
}

import { LRUCache } from 'lru-cache';

/** Opened keys by name, as many as stated; overwritten when they leave it. A key from it is used at once, never across an await. */
export class KeyCache {
  readonly #keys: LRUCache<string, Buffer>;

  constructor(max: number) {
    this.#keys = new LRUCache({ max, dispose: (key) => key.fill(0) });
  }

  get(name: string): Buffer | undefined {
    return this.#keys.get(name);
  }

  /** Keeps a copy. */
  put(name: string, key: Buffer): void {
    if (!this.#keys.has(name)) this.#keys.set(name, Buffer.alloc(key.length, key));
  }

  forget(name: string): void {
    this.#keys.delete(name);
  }

  clear(): void {
    this.#keys.clear();
  }
}

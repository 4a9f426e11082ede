import type { Copies } from './copies.ts';
import { KeyCache } from './key-cache.ts';
import type { Place } from './page.ts';
import type { Places } from './places.ts';
import type { Found } from './tree.ts';

/** Finds keys by name, in memory or in the tree. */
export class KeyReader {
  readonly #copies: Copies;
  readonly #places: Places;
  readonly #cache: KeyCache;
  /** Rises when keys are destroyed: what was read before it is not kept, nor used. */
  #destructions = 0;

  constructor(copies: Copies, places: Places, maxKeys: number) {
    this.#copies = copies;
    this.#places = places;
    this.#cache = new KeyCache(maxKeys);
  }

  /** The keys of all names, where all are in memory: to be used at once. */
  known(names: readonly string[]): readonly Found[] | undefined {
    const known: Buffer[] = [];
    for (const name of names) {
      const key = this.#cache.get(name);
      if (!key) return undefined;
      known.push(key);
    }
    return known;
  }

  /** Calls `use` at once with what stands under each name; the keys are overwritten, or may be, as soon as it returns. */
  async use<T>(names: readonly string[], use: (found: readonly Found[]) => T): Promise<T> {
    const known = this.known(names);
    return known ? use(known) : this.#fetch(names, use);
  }

  /** Keys that were just made, and will be used soon. */
  keep(name: string, key: Buffer): void {
    this.#cache.put(name, key);
  }

  forget(names: readonly string[]): void {
    this.#destructions++;
    for (const name of names) this.#cache.forget(name);
  }

  clear(): void {
    this.#destructions++;
    this.#cache.clear();
  }

  async #fetch<T>(names: readonly string[], use: (found: readonly Found[]) => T): Promise<T> {
    for (;;) {
      const before = this.#destructions;
      const found = await this.#find(names);
      try {
        if (before !== this.#destructions) continue;
        names.forEach((name, i) => {
          const key = found[i];
          if (Buffer.isBuffer(key)) this.#cache.put(name, key);
        });
        return use(found);
      } finally {
        for (const key of found) if (Buffer.isBuffer(key)) key.fill(0);
      }
    }
  }

  async #find(names: readonly string[]): Promise<Found[]> {
    const asked = names.map((name, index) => ({ index, place: this.#places.of(name) }));
    const found: Found[] = new Array<Found>(names.length).fill('unknown');
    const missing = asked.filter(({ index }) => {
      const key = this.#cache.get(names[index] as string);
      if (key) found[index] = Buffer.alloc(key.length, key);
      return !key;
    });
    missing.sort((a, b) => a.place.compare(b.place));
    const read = await this.findPlaces(missing.map(({ place }) => place));
    missing.forEach(({ index }, i) => (found[index] = read[i] ?? 'unknown'));
    return found;
  }

  /** What stands at sorted places, past the memory of opened keys. */
  findPlaces(places: readonly Place[]): Promise<Found[]> {
    return this.#copies.read((copy) => copy.find(places));
  }
}

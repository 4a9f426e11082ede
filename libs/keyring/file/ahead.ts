import type { KeyReader } from './reader.ts';
import type { KeyWriter, MadeAhead } from './writer.ts';

/** Ids whose keys were made ahead, by kind. More are made, by the page, before the last is given. */
export class IdsAhead {
  readonly #writer: KeyWriter;
  readonly #reader: KeyReader;
  readonly #batch: number;
  readonly #pools = new Map<string, MadeAhead[]>();
  readonly #coming = new Map<string, Promise<void>>();

  constructor(writer: KeyWriter, reader: KeyReader, batch: number) {
    this.#writer = writer;
    this.#reader = reader;
    this.#batch = batch;
  }

  async take(kind: string, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const pool = this.#pool(kind);
      for (const { id, key } of pool.splice(0, count - ids.length)) {
        this.#reader.keep(`${kind}-${id}`, key);
        key.fill(0);
        ids.push(id);
      }
      const missing = count - ids.length;
      if (missing === 0) {
        if (pool.length < this.#batch / 4) this.#more(kind, this.#batch).catch(() => undefined);
        return ids;
      }
      await this.#more(kind, Math.max(missing, this.#batch));
    }
  }

  clear(): void {
    for (const pool of this.#pools.values()) for (const { key } of pool) key.fill(0);
    this.#pools.clear();
  }

  #pool(kind: string): MadeAhead[] {
    const known = this.#pools.get(kind) ?? [];
    this.#pools.set(kind, known);
    return known;
  }

  #more(kind: string, count: number): Promise<void> {
    const known = this.#coming.get(kind);
    if (known) return known;
    const coming = this.#writer
      .ahead(kind, count)
      .then((made) => void this.#pool(kind).push(...made))
      .finally(() => this.#coming.delete(kind));
    this.#coming.set(kind, coming);
    return coming;
  }
}

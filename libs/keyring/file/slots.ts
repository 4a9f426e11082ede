import { randomInt } from 'node:crypto';

const GROWTH = 32;

/**
 * Which slots of the page file are free. Slots are given at random among the free, so that neighbours on the disk were not
 * for that reason written together.
 */
export class Slots {
  #free: number[] = [];
  #total: number;
  /** Free slots that still hold the bytes of an old version. */
  readonly dirty = new Set<number>();

  constructor(total: number, used: ReadonlySet<number>) {
    this.#total = total;
    for (let slot = 0; slot < total; slot++) if (!used.has(slot)) this.#free.push(slot);
  }

  get total(): number {
    return this.#total;
  }

  get used(): number {
    return this.#total - this.#free.length;
  }

  get free(): readonly number[] {
    return this.#free;
  }

  take(): number {
    if (this.#free.length === 0) this.#grow();
    const index = randomInt(this.#free.length);
    const slot = this.#free[index] as number;
    this.#free[index] = this.#free.at(-1) as number;
    this.#free.pop();
    this.dirty.delete(slot);
    return slot;
  }

  giveBack(slot: number): void {
    this.#free.push(slot);
    this.dirty.add(slot);
  }

  /** Drops free slots at the end of the file, where they are many; returns the new total. */
  shrink(): number {
    if (this.#free.length < 4 * GROWTH || this.#free.length < this.used) return this.#total;
    const free = new Set(this.#free);
    while (this.#total > 0 && free.has(this.#total - 1)) {
      this.#total--;
      free.delete(this.#total);
    }
    this.#free = [...free];
    for (const slot of this.dirty) if (slot >= this.#total) this.dirty.delete(slot);
    return this.#total;
  }

  #grow(): void {
    for (let i = 0; i < GROWTH; i++) this.#free.push(this.#total++);
  }
}

/**
 * What is due, by key, the soonest first: a binary heap that knows each key's place, so that a time can be moved or dropped.
 * With nothing due a look costs the same however many keys wait. Times are milliseconds since 1970.
 */
export class DueQueue {
  private readonly heap: Entry[] = [];
  private readonly places = new Map<string, number>();

  get size(): number {
    return this.heap.length;
  }

  has(key: string): boolean {
    return this.places.has(key);
  }

  set(key: string, at: number): void {
    const place = this.places.get(key);
    if (place === undefined) {
      this.heap.push({ key, at });
      this.up(this.heap.length - 1);
      return;
    }
    this.heap[place] = { key, at };
    this.down(this.up(place));
  }

  /** Only where it is sooner than what is there. */
  setSooner(key: string, at: number): void {
    const place = this.places.get(key);
    if (place === undefined || at < this.heap[place]!.at) this.set(key, at);
  }

  drop(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const last = this.heap.pop()!;
    if (place === this.heap.length) return;
    this.heap[place] = last;
    this.down(this.up(place));
  }

  nextAt(): number | undefined {
    return this.heap[0]?.at;
  }

  /** Takes out what is due at `now`, at most so many. */
  take(now: number, limit: number): string[] {
    const due: string[] = [];
    while (due.length < limit && this.heap.length > 0 && this.heap[0]!.at <= now) {
      const { key } = this.heap[0]!;
      due.push(key);
      this.drop(key);
    }
    return due;
  }

  private up(from: number): number {
    let place = from;
    const entry = this.heap[place]!;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.heap[parent]!.at <= entry.at) break;
      this.put(place, this.heap[parent]!);
      place = parent;
    }
    this.put(place, entry);
    return place;
  }

  private down(from: number): void {
    let place = from;
    const entry = this.heap[place]!;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && this.heap[child + 1]!.at < this.heap[child]!.at) child += 1;
      if (this.heap[child]!.at >= entry.at) break;
      this.put(place, this.heap[child]!);
      place = child;
    }
    this.put(place, entry);
  }

  private put(place: number, entry: Entry): void {
    this.heap[place] = entry;
    this.places.set(entry.key, place);
  }
}

interface Entry {
  readonly key: string;
  readonly at: number;
}

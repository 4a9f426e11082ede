import { LRUCache } from 'lru-cache';
import { CopyAway, KeyGone, KeyringUnavailable } from '../errors.ts';
import type { Destruction } from '../port.ts';
import type { Copies } from './copies.ts';
import { type Entry, type Place } from './page.ts';
import { anywhere, type Places } from './places.ts';
import { freshKey } from './fresh-key.ts';
import type { KeyReader } from './reader.ts';

/** Places that one change takes: a large destruction leaves room for others between its changes, and is one walk nevertheless. */
const CHANGE = 8192;
const REMEMBERED = 10_000;

interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

interface Making extends Settle<void> {
  readonly places: readonly Place[];
}

interface Ahead extends Settle<MadeAhead[]> {
  readonly kind: string;
  readonly count: number;
}

export interface MadeAhead {
  readonly id: string;
  readonly key: Buffer;
}

interface Walk {
  readonly doomed: { name: string; place: Place }[];
  readonly calls: (Settle<Destruction> & { names: readonly string[] })[];
  done: number;
  /** From then on, what is asked joins the next one. */
  begun: boolean;
  /** Some place was not gone before. */
  fresh: boolean;
}

/** The one lane of changes. What is asked while a change runs shares the next one. */
export class KeyWriter {
  readonly #copies: Copies;
  readonly #places: Places;
  readonly #reader: KeyReader;
  readonly #destroyed = new LRUCache<string, Destruction>({ max: REMEMBERED });
  #making: Making[] = [];
  #ahead: Ahead[] = [];
  #walks: Walk[] = [];
  #tasks: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(copies: Copies, places: Places, reader: KeyReader) {
    this.#copies = copies;
    this.#places = places;
    this.#reader = reader;
  }

  make(names: readonly string[]): Promise<void> {
    const places = names.map((name) => this.#places.of(name));
    return this.#ask((settle) => this.#making.push({ places, ...settle }));
  }

  /** Keys on one page, and the random ids that name them. */
  ahead(kind: string, count: number): Promise<MadeAhead[]> {
    return this.#ask((settle) => this.#ahead.push({ kind, count, ...settle }));
  }

  destroy(names: readonly string[]): Promise<Destruction> {
    const doomed = names.map((name) => ({ name, place: this.#places.of(name) }));
    return this.#ask((settle) => {
      const open = this.#walks.find(({ begun }) => !begun);
      const walk: Walk = open ?? { doomed: [], calls: [], done: 0, begun: false, fresh: false };
      if (!open) this.#walks.push(walk);
      for (const one of doomed) walk.doomed.push(one);
      walk.calls.push({ names, ...settle });
    });
  }

  /** Runs alone among the changes. */
  alone(task: () => Promise<void>): Promise<void> {
    return this.#ask<void>((settle) => this.#tasks.push(() => task().then(settle.resolve, settle.reject)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #ask<T>(enter: (settle: Settle<T>) => void): Promise<T> {
    if (this.#closed) return Promise.reject(new KeyringUnavailable('the keyring is closed'));
    return new Promise<T>((resolve, reject) => {
      enter({ resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    await Promise.resolve();
    while (this.#making.length + this.#ahead.length + this.#walks.length + this.#tasks.length > 0) {
      const tasks = this.#tasks.splice(0);
      for (const task of tasks) await task();
      await this.#change();
    }
    this.#running = undefined;
  }

  async #change(): Promise<void> {
    const making = this.#making.splice(0);
    const ahead = this.#ahead.splice(0);
    const walk = this.#walks[0];
    try {
      await this.#copies.reach(walk !== undefined);
      if (making.length + ahead.length > 0 || walk) await this.#changeTogether(making, ahead, walk);
    } catch (error) {
      for (const one of [...making, ...ahead, ...(walk?.calls ?? [])]) one.reject(error);
      if (walk) this.#walks.shift();
    }
  }

  async #changeTogether(making: Making[], ahead: Ahead[], walk: Walk | undefined): Promise<void> {
    const entries = new Map<string, Entry>();
    const accepted = this.#withQuorum(making);
    const acceptedAhead = this.#withQuorum(ahead);
    const made = await this.#addMade(accepted, entries);
    const madeAhead = await this.#addAhead(acceptedAhead, entries);
    const part = walk ? await this.#addDoomed(walk, entries) : [];
    const last = walk !== undefined && walk.done === walk.doomed.length;
    try {
      await this.#commit(entries, walk, last);
    } finally {
      if (part.length > 0) this.#reader.forget(part.map(({ name }) => name));
    }
    this.#answer(made, madeAhead);
    if (walk && last) this.#answerWalk(walk);
  }

  async #commit(entries: Map<string, Entry>, walk: Walk | undefined, last: boolean): Promise<void> {
    // A repeat whose names are all gone needs no walk, unless one was begun for them and never ended.
    const walking = last && (walk?.fresh === true || this.#copies.root.walkDue);
    const sorted = [...entries.values()].sort((a, b) => a.place.compare(b.place));
    if (sorted.length > 0 || walking) {
      const walkDue = !walking && (this.#copies.root.walkDue || walk?.fresh === true);
      await this.#copies.commit(sorted, { walk: walking, walkDue });
    }
    for (const { key } of sorted) key?.fill(0);
  }

  #withQuorum<T extends { reject(error: unknown): void }>(asked: T[]): T[] {
    try {
      if (asked.length > 0) this.#copies.requireQuorum();
      return asked;
    } catch (error) {
      for (const one of asked) one.reject(error);
      return [];
    }
  }

  /** Adds keys for names that have none; refuses the calls that name one that is gone. */
  async #addMade(making: Making[], entries: Map<string, Entry>): Promise<Making[]> {
    const places = sortedUnique(making.flatMap((one) => one.places));
    const found = await this.#reader.findPlaces(places);
    const gone = new Set<string>();
    const unknown = new Set<string>();
    found.forEach((what, i) => {
      const at = hex(places[i] as Place);
      if (what === 'gone') gone.add(at);
      else if (what === 'unknown') unknown.add(at);
      else what.fill(0);
    });
    return making.filter((one) => {
      const index = one.places.findIndex((place) => gone.has(hex(place)));
      if (index >= 0) {
        one.reject(new KeyGone(index));
        return false;
      }
      for (const place of one.places) if (unknown.has(hex(place))) entries.set(hex(place), { place, key: freshKey() });
      return true;
    });
  }

  async #addAhead(ahead: Ahead[], entries: Map<string, Entry>): Promise<{ one: Ahead; made: MadeAhead[] }[]> {
    const all: { one: Ahead; made: MadeAhead[] }[] = [];
    for (const one of ahead) {
      const { low, next } = await this.#copies.read((copy) => copy.leafRange(anywhere()));
      const made = this.#places.ids(one.kind, one.count, low, next).map(({ id, place }) => {
        const key = freshKey();
        entries.set(hex(place), { place, key });
        return { id, key: Buffer.alloc(key.length, key) };
      });
      all.push({ one, made });
    }
    return all;
  }

  async #addDoomed(walk: Walk, entries: Map<string, Entry>): Promise<Walk['doomed']> {
    const part = walk.doomed.slice(walk.done, walk.done + CHANGE);
    walk.begun = true;
    walk.done += part.length;
    const places = sortedUnique(part.map(({ place }) => place));
    const found = await this.#reader.findPlaces(places);
    found.forEach((what, i) => {
      const place = places[i] as Place;
      if (what === 'gone') return;
      if (what !== 'unknown') what.fill(0);
      walk.fresh = true;
      entries.set(hex(place), { place, key: undefined });
    });
    return part;
  }

  #answer(making: Making[], ahead: { one: Ahead; made: MadeAhead[] }[]): void {
    for (const one of this.#withQuorum(making)) one.resolve();
    const allowed = new Set(this.#withQuorum(ahead.map(({ one }) => one)));
    for (const { one, made } of ahead) if (allowed.has(one)) one.resolve(made);
  }

  #answerWalk(walk: Walk): void {
    this.#walks.shift();
    const { epoch } = this.#copies.root;
    const away = this.#copies.away();
    if (away.length > 0) {
      for (const call of walk.calls) call.reject(new CopyAway(away, epoch));
      return;
    }
    const copies = this.#copies.status.filter(({ state }) => state === 'in-step');
    const done: Destruction = {
      epoch,
      copies: copies.map(({ name, medium }) => ({ name, medium, masterKeyOverwritten: true })),
    };
    for (const { names, resolve } of walk.calls) resolve(this.#known(names) ?? done);
    for (const { name } of walk.doomed) if (!this.#destroyed.has(name)) this.#destroyed.set(name, done);
  }

  /** The walk that destroyed all of them, where it is remembered. */
  #known(names: readonly string[]): Destruction | undefined {
    const [first, ...others] = names.map((name) => this.#destroyed.get(name));
    return others.every((one) => one === first) ? first : undefined;
  }
}

const hex = (place: Place): string => place.toString('hex');

function sortedUnique(places: readonly Place[]): Place[] {
  const sorted = [...places].sort((a, b) => a.compare(b));
  return sorted.filter((place, i) => i === 0 || !place.equals(sorted[i - 1] as Place));
}

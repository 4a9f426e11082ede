import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { KeyringDamaged } from '../errors.ts';
import type { Disk } from './disk.ts';
import { isPage, KEY_BYTES, levelOf, PAGE_BYTES, type PageRef, type Place, PLAIN_BYTES } from './page.ts';
import { Slots } from './slots.ts';

/* Every version of a page has a random key of its own, used for nothing else, so a nonce that never changes is safe. */
const NONCE = Buffer.alloc(12);
const TAG_BYTES = 16;
/** Writes under way at a time. */
const WRITES = 8;

/** A reader of pages: `use` runs at once, with a page that is overwritten later. */
export interface PageReader {
  use<T>(ref: PageRef, use: (page: Buffer) => T): Promise<T>;
}

/** What a rewriting needs: pages go to free slots, nothing that is reachable is touched. */
export interface PageWriter extends PageReader {
  write(low: Place, page: Buffer): Promise<PageRef>;
  replaced(ref: PageRef): void;
}

/** The file of pages of one copy: slots of 16 KiB, each a tag and the encrypted page. */
export class PageFile implements PageReader {
  readonly path: string;
  slots = new Slots(0, new Set());
  readonly #disk: Disk;
  readonly #keyring: Buffer;
  readonly #writing = new Set<Promise<void>>();
  readonly #opened: LRUCache<number, Buffer>;

  constructor(disk: Disk, path: string, keyring: Buffer, maxOpened: number) {
    this.#disk = disk;
    this.path = path;
    this.#keyring = keyring;
    this.#opened = new LRUCache({ max: maxOpened, dispose: (page) => page.fill(0) });
  }

  async use<T>(ref: PageRef, use: (page: Buffer) => T): Promise<T> {
    const known = this.#opened.get(ref.slot);
    if (known) return use(known);
    const stored = await this.#disk.read(this.path, ref.slot * PAGE_BYTES, PAGE_BYTES);
    const page = this.#open(ref, stored);
    this.#opened.set(ref.slot, page);
    return use(page);
  }

  /** Takes over `page`. Resolves when a few writes at most are under way; `written` waits for all of them. */
  async write(low: Place, page: Buffer): Promise<PageRef> {
    const ref = { low, slot: this.slots.take(), key: randomFillSync(Buffer.alloc(KEY_BYTES)) };
    const cipher = createCipheriv('aes-256-gcm', ref.key, NONCE).setAAD(this.#bound(ref.slot));
    const body = cipher.update(page);
    cipher.final();
    const stored = Buffer.concat([cipher.getAuthTag(), body]);
    if (levelOf(page) > 0) this.#opened.set(ref.slot, page);
    else page.fill(0);
    const writing = this.#disk.write(this.path, ref.slot * PAGE_BYTES, stored);
    this.#writing.add(writing);
    writing.then(
      () => this.#writing.delete(writing),
      () => undefined,
    );
    if (this.#writing.size >= WRITES) await Promise.race(this.#writing);
    return ref;
  }

  /** Waits for what is being written; the first failure is thrown. */
  async written(): Promise<void> {
    const writing = [...this.#writing];
    this.#writing.clear();
    const done = await Promise.allSettled(writing);
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }

  giveBack(slots: Iterable<number>): void {
    for (const slot of slots) {
      this.#opened.delete(slot);
      this.slots.giveBack(slot);
    }
  }

  sync(): Promise<void> {
    return this.#disk.sync(this.path);
  }

  /** Overwrites every free slot that holds an old version. */
  async scrub(): Promise<void> {
    const dirty = [...this.slots.dirty];
    if (dirty.length === 0) return;
    const zeros = Buffer.alloc(PAGE_BYTES);
    for (const slot of dirty) await this.#disk.write(this.path, slot * PAGE_BYTES, zeros);
    await this.sync();
    for (const slot of dirty) this.slots.dirty.delete(slot);
    const before = this.slots.total;
    const total = this.slots.shrink();
    if (total < before) await this.#disk.truncate(this.path, total * PAGE_BYTES);
  }

  /** Takes the used slots as found; free ones that are not blank are old versions left by a crash. */
  async adopt(used: ReadonlySet<number>): Promise<void> {
    const bytes = (await this.#disk.size(this.path)) ?? 0;
    let total = Math.ceil(bytes / PAGE_BYTES);
    for (const slot of used) total = Math.max(total, slot + 1);
    this.slots = new Slots(total, used);
    for (const slot of this.slots.free) if (!(await this.#isBlank(slot))) this.slots.dirty.add(slot);
  }

  forget(): void {
    this.#opened.clear();
  }

  /* Both ends of the slot: what lies between them cannot be checked, and its key is gone anyway. */
  async #isBlank(slot: number): Promise<boolean> {
    const head = await this.#disk.read(this.path, slot * PAGE_BYTES, 64);
    const tail = await this.#disk.read(this.path, (slot + 1) * PAGE_BYTES - 64, 64);
    return head.every((byte) => byte === 0) && tail.every((byte) => byte === 0);
  }

  #open(ref: PageRef, stored: Buffer): Buffer {
    const page = Buffer.alloc(PLAIN_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', ref.key, NONCE, { authTagLength: TAG_BYTES });
      decipher.setAAD(this.#bound(ref.slot));
      const opened = decipher.setAuthTag(stored.subarray(0, TAG_BYTES)).update(stored.subarray(TAG_BYTES));
      opened.copy(page);
      opened.fill(0);
      decipher.final();
      if (opened.length === PLAIN_BYTES && isPage(page)) return page;
    } catch {
      // falls to the line below
    }
    page.fill(0);
    throw new KeyringDamaged(`slot ${ref.slot} of ${this.path} is damaged: bring a whole copy of the keyring back`);
  }

  #bound(slot: number): Buffer {
    const bound = Buffer.alloc(24);
    this.#keyring.copy(bound);
    bound.writeUInt32LE(slot, 16);
    return bound;
  }
}

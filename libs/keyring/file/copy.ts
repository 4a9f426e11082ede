import { join } from 'node:path';
import { KeyringDamaged, KeyringMissing, KeyringUnavailable, MasterKeyRefused } from '../errors.ts';
import type { Disk } from './disk.ts';
import { type Lock, lockFolder } from './lock.ts';
import { freshMasterKey, type MasterKey, MasterKeys, type Which } from './master-key.ts';
import type { Entry, PageRef, Place } from './page.ts';
import { PageFile, type PageWriter } from './pages.ts';
import { keyringOf, openRoot, type Root, ROOT_BYTES, sealRoot } from './root.ts';
import { find, type Found, leafRange, leaves, rewrite, slotsOf } from './tree.ts';

/** Where a copy lies. Its files are `<dataDir>/keyring/{pages,root,lock}` and `<keysDir>/master.*`. */
export interface CopyPlace {
  readonly name: string;
  readonly dataDir: string;
  readonly keysDir: string;
  readonly medium: string;
}

/** What a change tells the root besides the tree. */
export type Told = Pick<Root, 'epoch' | 'commit' | 'copies' | 'walkDue' | 'whole'>;

interface Change {
  /** Sorted by place. */
  readonly entries: readonly Entry[];
  readonly told: Told;
  /** Under a fresh master key; the old one is overwritten. */
  readonly walk: boolean;
  /** Starts from an empty tree. */
  readonly afresh?: boolean;
}

interface Version {
  readonly root: Root;
  readers: number;
  left?: () => void;
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);
export const dataFolder = (dataDir: string): string => join(dataDir, 'keyring');
export const rootPath = (dataDir: string): string => join(dataFolder(dataDir), 'root');

/** One copy of the keyring: a tree of pages under a master key of its own. One change at a time; reads go on beside it. */
export class KeyCopy {
  readonly place: CopyPlace;
  readonly #disk: Disk;
  readonly #keys: MasterKeys;
  readonly #pages: PageFile;
  readonly #lock: Lock;
  #master: MasterKey;
  #version: Version;
  #failed: unknown;

  private constructor(at: Opening, root: Root, master: MasterKey) {
    this.place = at.place;
    this.#disk = at.disk;
    this.#keys = at.keys;
    this.#lock = at.lock;
    this.#pages = new PageFile(at.disk, join(dataFolder(at.place.dataDir), 'pages'), root.keyring, at.maxOpened);
    this.#master = master;
    this.#version = { root, readers: 0 };
  }

  /** The key that opens the newer root is the one in force; a walk that was cut off is finished. */
  static async open(place: CopyPlace, disk: Disk, maxOpened: number): Promise<KeyCopy> {
    if ((await disk.size(rootPath(place.dataDir))) === undefined) {
      const line = `no keyring in ${dataFolder(place.dataDir)}: bring it back, or make a new one in an empty folder`;
      throw new KeyringMissing(line);
    }
    return opening(place, disk, maxOpened, async (at) => {
      const found = await findRoot(at);
      if (found.which === 'next') await at.keys.promoteNext();
      await at.keys.overwrite('next');
      await at.keys.overwrite('old');
      const copy = new KeyCopy(at, found.root, found.master);
      if (found.otherDiffers) await copy.#writeRoot(found.stored, [0, 1]);
      await copy.#pages.adopt(await slotsOf(copy.#pages, found.root.top));
      await copy.#pages.scrub();
      return copy;
    });
  }

  /** An empty copy, in place of whatever lay there. */
  static async make(place: CopyPlace, disk: Disk, maxOpened: number, identity: Identity, told: Told): Promise<KeyCopy> {
    await disk.makeFolder(dataFolder(place.dataDir));
    await disk.syncFolder(place.dataDir);
    return opening(place, disk, maxOpened, async (at) => {
      const root: Root = { ...identity, ...told, copy: place.name, top: undefined, keys: 0, gone: 0 };
      const master = freshMasterKey(identity.keyring);
      const copy = new KeyCopy(at, root, master);
      await at.keys.writeNext(master);
      await copy.#writeRoot(sealRoot(root, master.key), [0, 1]);
      await disk.syncFolder(dataFolder(place.dataDir));
      await at.keys.promoteNext();
      await copy.#pages.adopt(new Set());
      await copy.#pages.scrub();
      return copy;
    });
  }

  get root(): Root {
    return this.#version.root;
  }

  get pages(): number {
    return this.#pages.slots.used;
  }

  /** What stands at sorted places. Keys are copies that the caller overwrites. */
  find(places: readonly Place[]): Promise<Found[]> {
    return this.#reading(async (top) => {
      const found: Found[] = [];
      await find(this.#pages, top, places, (index, what) => (found[index] = what));
      return found;
    });
  }

  leafRange(place: Place): Promise<{ low: Place; next: Place | undefined }> {
    return this.#reading((top) => leafRange(this.#pages, top, place));
  }

  /** All entries, in bounded parts, for filling another copy. Only while no change runs. */
  leaves(): AsyncGenerator<Entry[]> {
    return leaves(this.#pages, this.root.top);
  }

  /**
   * Commits by writing the root. Before that nothing that is reachable was touched; a full disk then changes nothing.
   * Any other failure leaves open what the disk holds: the copy takes no more changes until it is opened again.
   */
  async commit(change: Change): Promise<void> {
    if (this.#failed)
      throw new KeyringUnavailable(`the keyring's copy ${this.place.name} failed: start again`, {
        cause: this.#failed,
      });
    const before = this.#version;
    const slots = { written: [] as number[], freed: [] as number[] };
    let step: 'tree' | 'sync' | 'root' = 'tree';
    try {
      const root = await this.#writeTree(before.root, change, slots);
      await this.#pages.written();
      step = 'sync';
      if (slots.written.length > 0) await this.#pages.sync();
      const master = change.walk ? freshMasterKey(root.keyring) : this.#master;
      if (change.walk) await this.#keys.writeNext(master);
      const stored = sealRoot(root, master.key);
      step = 'root';
      await this.#writeRoot(stored, [0]);
      this.#version = { root, readers: 0 };
      if (change.walk) await this.#enforce(master);
      await this.#writeRoot(stored, [1]);
      await quiet(before);
      before.root.top?.key.fill(0);
      this.#pages.giveBack(slots.freed);
      if (change.walk) await this.#pages.scrub();
    } catch (error) {
      const noRoom = NO_ROOM.has((error as NodeJS.ErrnoException).code ?? '');
      await this.#pages.written().catch(() => undefined);
      if (step === 'tree' || (step === 'sync' && noRoom)) this.#pages.giveBack(slots.written);
      else this.#failed = error;
      throw error;
    }
  }

  /** For a copy that is given up: without its master key the rest of it is noise. */
  async overwriteMasterKeys(): Promise<void> {
    for (const which of ['key', 'next', 'old'] as const) await this.#keys.overwrite(which);
  }

  async close(): Promise<void> {
    this.#failed ??= new KeyringUnavailable('the keyring is closed');
    await quiet(this.#version);
    this.#pages.forget();
    this.#master.key.fill(0);
    this.#version.root.top?.key.fill(0);
    this.#lock.release();
    await this.#disk.release(dataFolder(this.place.dataDir));
    await this.#disk.release(this.place.keysDir);
  }

  async #writeTree(before: Root, change: Change, slots: { written: number[]; freed: number[] }): Promise<Root> {
    const pages = this.#pages;
    const writer: PageWriter = {
      use: (ref, use) => pages.use(ref, use),
      replaced: (ref) => void slots.freed.push(ref.slot),
      async write(low, page) {
        const ref = await pages.write(low, page);
        slots.written.push(ref.slot);
        return ref;
      },
    };
    if (change.afresh) slots.freed.push(...(await slotsOf(pages, before.top)));
    const top = change.afresh ? undefined : before.top;
    const written = await rewrite(writer, top, change.entries);
    const keys = (change.afresh ? 0 : before.keys) + written.keys;
    const gone = (change.afresh ? 0 : before.gone) + written.gone;
    return { ...before, ...change.told, top: ownTop(written.top), keys, gone };
  }

  async #enforce(master: MasterKey): Promise<void> {
    await this.#keys.promoteNext();
    this.#master.key.fill(0);
    this.#master = master;
  }

  async #writeRoot(stored: Buffer, halves: readonly (0 | 1)[]): Promise<void> {
    const path = rootPath(this.place.dataDir);
    for (const half of halves) {
      await this.#disk.write(path, half * ROOT_BYTES, stored);
      await this.#disk.sync(path);
    }
  }

  async #reading<T>(read: (top: PageRef | undefined) => Promise<T>): Promise<T> {
    const version = this.#version;
    version.readers++;
    try {
      return await read(version.root.top);
    } finally {
      version.readers--;
      if (version.readers === 0) version.left?.();
    }
  }
}

export type Identity = Pick<Root, 'keyring' | 'nameSecret'>;

interface Opening {
  readonly place: CopyPlace;
  readonly disk: Disk;
  readonly keys: MasterKeys;
  readonly lock: Lock;
  readonly maxOpened: number;
}

async function opening(
  place: CopyPlace,
  disk: Disk,
  maxOpened: number,
  open: (at: Opening) => Promise<KeyCopy>,
): Promise<KeyCopy> {
  const lock = lockFolder(dataFolder(place.dataDir));
  try {
    return await open({ place, disk, maxOpened, lock, keys: new MasterKeys(disk, place.keysDir) });
  } catch (error) {
    lock.release();
    await disk.release(dataFolder(place.dataDir));
    await disk.release(place.keysDir);
    throw error;
  }
}

async function quiet(version: Version): Promise<void> {
  if (version.readers > 0) await new Promise<void>((resolve) => (version.left = resolve));
}

/* The tree overwrites the references that it has done with, so a version has one of its own. */
function ownTop(top: PageRef | undefined): PageRef | undefined {
  return top && { low: Buffer.from(top.low), slot: top.slot, key: Buffer.alloc(top.key.length, top.key) };
}

interface FoundRoot {
  readonly root: Root;
  readonly master: MasterKey;
  readonly which: Which;
  readonly stored: Buffer;
  /** The other half of the file holds something else: a change was cut off between the two. */
  readonly otherDiffers: boolean;
}

async function findRoot(at: Opening): Promise<FoundRoot> {
  const path = rootPath(at.place.dataDir);
  const halves = [await at.disk.read(path, 0, ROOT_BYTES), await at.disk.read(path, ROOT_BYTES, ROOT_BYTES)];
  const otherDiffers = !(halves[0] as Buffer).equals(halves[1] as Buffer);
  const masters: MasterKey[] = [];
  let newest: FoundRoot | undefined;
  for (const which of ['key', 'next'] as const) {
    const master = await at.keys.read(which);
    if (!master || master === 'corrupt') continue;
    masters.push(master);
    for (const stored of halves) {
      const root = openRoot(stored, master.key);
      if (root && (!newest || isNewer(root, newest.root))) newest = { root, master, which, stored, otherDiffers };
    }
  }
  for (const master of masters) if (master !== newest?.master) master.key.fill(0);
  return newest ?? (await refuse(at, halves));
}

const isNewer = (a: Root, b: Root): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.commit > b.commit);

async function refuse(at: Opening, halves: readonly Buffer[]): Promise<never> {
  const path = at.keys.path('key');
  const data = dataFolder(at.place.dataDir);
  const keyring = halves.map(keyringOf).find((id) => id !== undefined);
  if (!keyring)
    throw new KeyringDamaged(`the root of the keyring in ${data} is damaged: bring a whole copy of it back`);
  const key = (await at.keys.read('key')) ?? (await at.keys.read('next'));
  if (!key) {
    throw new MasterKeyRefused(
      'missing',
      `no master key at ${path}: bring it back, or set PALMLEDGER_KEYS to where it lies`,
    );
  }
  if (key === 'corrupt') {
    throw new MasterKeyRefused('corrupt', `the master key at ${path} is damaged: bring a whole one back`);
  }
  if (!key.keyring.equals(keyring)) {
    throw new MasterKeyRefused(
      'foreign',
      `the master key at ${path} is of another keyring than ${data}: set PALMLEDGER_KEYS to its own`,
    );
  }
  const line = `the master key at ${path} does not open ${data}: one of the two is an older copy, bring back those that belong together`;
  throw new MasterKeyRefused('mismatch', line);
}

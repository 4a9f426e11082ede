import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  CopyRefused,
  KeyringDamaged,
  KeyringExists,
  KeyringInUse,
  KeyringMissing,
  MasterKeyRefused,
  NoQuorum,
} from '../errors.ts';
import type { Keyring } from '../port.ts';
import { Copies, filling } from './copies.ts';
import { type CopyPlace, dataFolder, type Identity, KeyCopy, rootPath } from './copy.ts';
import { type Disk, fileDisk } from './disk.ts';
import { checkApprovals, FileKeyring } from './keyring.ts';
import { checkKeysFolder, MasterKeys } from './master-key.ts';
import type { Known, Root } from './root.ts';

export type { CopyPlace } from './copy.ts';

export interface FileKeyringOptions {
  /** The data folder; the keyring is its folder `keyring`. */
  readonly dataDir: string;
  /** The master key's folder (PALMLEDGER_KEYS): mode 0700, outside every data folder. */
  readonly keysDir: string;
  /** The first copy's name; `main` unless stated. */
  readonly name?: string;
  /** What the first copy lies on, for certificates; `file` unless stated. */
  readonly medium?: string;
  readonly replicas?: readonly CopyPlace[];
  /** Copies that a new key must be on; more than half of all unless stated. */
  readonly quorum?: number;
  /** Opened keys kept in memory; 50,000 unless stated. */
  readonly cachedKeys?: number;
  /** Opened pages of 16 KiB kept in memory, for each copy; 512 unless stated. */
  readonly cachedPages?: number;
  /** Ids made ahead at a time, by kind; 128 unless stated. */
  readonly ahead?: number;
  /** Copies that are lost: opens without them and retires them, by two different admins' principal ids. */
  readonly without?: { readonly copies: readonly string[]; readonly approvals: readonly [string, string] };
  readonly disk?: Disk;
}

interface Setting {
  readonly places: readonly CopyPlace[];
  readonly disk: Disk;
  readonly quorum: number;
  readonly maxOpened: number;
}

/** Whether a data folder holds a keyring. */
export async function hasFileKeyring(dataDir: string): Promise<boolean> {
  return (await fileDisk().size(rootPath(dataDir))) !== undefined;
}

/**
 * First start: makes an empty keyring with its copies. Folders of master keys are made where they are missing (0700).
 * KeyringExists where one of the folders holds a keyring or its master key.
 */
export async function makeFileKeyring(options: FileKeyringOptions): Promise<Keyring> {
  const setting = settingOf(options);
  const { places, disk, maxOpened } = setting;
  for (const { dataDir, keysDir } of places) {
    await disk.makeFolder(dataDir);
    await disk.makeFolder(keysDir);
  }
  await checkFolders(places);
  for (const [i, place] of places.entries()) await refuseExisting(place, setting, i > 0);

  const identity = { keyring: randomBytes(16), nameSecret: randomBytes(32) };
  const known = places.map(({ name, medium }): Known => ({ name, medium, state: 'in-step' }));
  const told = { epoch: 0, commit: 0, copies: known, walkDue: false, whole: true };
  const copies = new Copies(setting);
  try {
    // The first copy last: while it is missing there is no keyring, and a first start that was cut off begins again.
    for (const place of [...places].reverse()) {
      copies.add(place, 'in-step', await KeyCopy.make(place, disk, maxOpened, identity, told));
    }
  } catch (error) {
    await copies.close();
    throw error;
  }
  await copies.close();
  return openFileKeyring(options);
}

/**
 * Opens the keyring and finishes what was cut off. Refused with one line that says what to do: KeyringMissing, MasterKeyRefused,
 * KeyringDamaged, KeyringInUse; NoQuorum where copies are missing that may know more than those that are there.
 */
export async function openFileKeyring(options: FileKeyringOptions): Promise<Keyring> {
  const setting = settingOf(options);
  if (options.without) checkApprovals(options.without.approvals);
  const without = options.without?.copies ?? [];
  const dataDirs = setting.places.map(({ dataDir }) => dataDir);
  const opened: Opened[] = [];
  const copies = new Copies(setting);
  try {
    for (const place of setting.places) opened.push(await openPlace(place, dataDirs, setting));
    const newest = newestOf(opened);
    refuseUnlessKnown(opened, newest, without);
    refuseBehind(opened, newest, without, setting.quorum);
    await gather(copies, opened, newest, setting);
    await copies.reach(true);
    for (const name of without) await copies.retire(name, options.without?.approvals ?? ['', '']);
    // Destroyed, but cut off before the master key changed.
    if (copies.root.walkDue) await copies.commit([], { walk: true, walkDue: false });
    return new FileKeyring(copies, { cachedKeys: options.cachedKeys ?? 50_000, ahead: options.ahead ?? 128 });
  } catch (error) {
    await copies.close();
    for (const { copy } of opened) await copy?.close().catch(() => undefined);
    throw error;
  }
}

function settingOf(options: FileKeyringOptions): Setting {
  const { dataDir, keysDir, name = 'main', medium = 'file', replicas = [] } = options;
  const places = [{ name, dataDir, keysDir, medium }, ...replicas];
  const quorum = options.quorum ?? Math.floor(places.length / 2) + 1;
  for (const what of ['name', 'dataDir', 'keysDir'] as const) {
    if (new Set(places.map((place) => place[what])).size < places.length) {
      throw new CopyRefused(`two copies of the keyring have the same ${what}`);
    }
  }
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > places.length) {
    throw new CopyRefused(`the keyring's quorum is between 1 and its ${places.length} copies`);
  }
  return { places, quorum, disk: options.disk ?? fileDisk(), maxOpened: options.cachedPages ?? 512 };
}

async function checkFolders(places: readonly CopyPlace[]): Promise<void> {
  const dataDirs = places.map(({ dataDir }) => dataDir);
  for (const { keysDir } of places) await checkKeysFolder(keysDir, dataDirs);
}

/** A replica that was never written to is left by a first start that was cut off. */
async function refuseExisting(place: CopyPlace, { disk, maxOpened }: Setting, replica: boolean): Promise<void> {
  const keys = new MasterKeys(disk, place.keysDir);
  const data = (await disk.size(rootPath(place.dataDir))) !== undefined;
  const master = (await keys.has('key')) || (await keys.has('old'));
  if (!data && !master) return;
  const copy = replica && data ? await KeyCopy.open(place, disk, maxOpened).catch(() => undefined) : undefined;
  const blank = copy?.root.commit === 0 && copy.root.top === undefined;
  await copy?.close();
  if (blank) return;
  const found = data ? dataFolder(place.dataDir) : join(place.keysDir, 'master.key');
  throw new KeyringExists(`there is a keyring at ${found} already: open it, or choose empty folders for a new one`);
}

interface Opened {
  readonly place: CopyPlace;
  readonly copy?: KeyCopy;
  readonly reason?: unknown;
}

/** What is wrong and can be put right by the operator at once ends the start; what is missing may be away. */
async function openPlace(place: CopyPlace, dataDirs: readonly string[], setting: Setting): Promise<Opened> {
  try {
    await checkKeysFolder(place.keysDir, dataDirs);
    return { place, copy: await KeyCopy.open(place, setting.disk, setting.maxOpened) };
  } catch (reason) {
    const wrong = reason instanceof MasterKeyRefused && ['readable', 'inside', 'foreign'].includes(reason.fault);
    if (wrong || reason instanceof KeyringInUse) throw reason;
    return { place, reason };
  }
}

function newestOf(opened: readonly Opened[]): Root {
  const roots = opened.flatMap(({ copy }) => (copy ? [copy.root] : []));
  const [first] = roots;
  if (roots.some(({ keyring }) => !first?.keyring.equals(keyring))) {
    throw new MasterKeyRefused('foreign', 'the copies are of different keyrings: set each folder to the copies of one');
  }
  const whole = roots.filter((root) => root.whole).sort((a, b) => b.epoch - a.epoch || b.commit - a.commit);
  if (whole[0]) return whole[0];
  const [main] = opened;
  throw main?.reason === undefined
    ? new KeyringDamaged('no copy of the keyring is whole: bring one back')
    : asError(main.reason);
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

const isNowhere = (reason: unknown): boolean => {
  return reason instanceof KeyringMissing || (reason instanceof MasterKeyRefused && reason.fault === 'missing');
};

const stateIn = (root: Root, name: string): Known['state'] | undefined => {
  return root.copies.find((known) => known.name === name)?.state;
};

/** The first copy is never passed over, unless it is damaged where others are whole: then it is made anew from them. */
function refuseUnlessKnown(opened: readonly Opened[], newest: Root, without: readonly string[]): void {
  const [main] = opened;
  if (!main || main.copy || without.includes(main.place.name) || stateIn(newest, main.place.name) === 'retired') return;
  if (main.reason instanceof KeyringDamaged) return;
  if (stateIn(newest, main.place.name)) throw asError(main.reason);
}

/**
 * What is missing may have gone on without what is here: refused where it could make up a quorum, unless the newest root that is here
 * says that all that is missing was away (a copy is recorded as in step by the others before it counts again).
 */
function refuseBehind(opened: readonly Opened[], newest: Root, without: readonly string[], quorum: number): void {
  const here = new Set(opened.flatMap(({ place, copy }) => (copy ? [place.name] : [])));
  const left = newest.copies.filter(({ name, state }) => state !== 'retired' && !without.includes(name));
  const missing = left.filter(({ name }) => !here.has(name));
  const inStep = missing.filter(({ state }) => state === 'in-step');
  if (inStep.length === 0 || missing.length < Math.min(quorum, left.length)) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new NoQuorum(
    `copies of the keyring are missing that may hold newer keys: ${names}; bring them back, or let two admins retire them`,
  );
}

/** Copies at the newest root are in step; the others are away, and are filled. One that nobody knows is new. */
async function gather(copies: Copies, opened: Opened[], newest: Root, setting: Setting): Promise<void> {
  for (const [i, { place, copy, reason }] of opened.entries()) {
    const known = newest.copies.find(({ name }) => name === place.name);
    if (known?.state === 'retired') {
      await copy?.close();
      copies.add(place, 'retired', undefined, undefined, known.retired);
    } else if (copy && copy.root.whole && copy.root.epoch === newest.epoch && copy.root.commit === newest.commit) {
      copies.add(place, 'in-step', copy);
    } else if (!known && isNowhere(reason)) {
      const fresh = await newCopy(place, newest, setting);
      opened[i] = { place, copy: fresh };
      copies.add(place, 'away', fresh, 'new: it is being filled');
    } else {
      copies.add(place, 'away', copy, reason instanceof Error ? reason.message : 'it is older than the others');
    }
  }
  const configured = new Set(opened.map(({ place }) => place.name));
  for (const { name, medium, state, retired } of newest.copies) {
    if (configured.has(name)) continue;
    const place = { name, medium, dataDir: '', keysDir: '' };
    copies.add(place, state === 'retired' ? state : 'away', undefined, 'its folders are not configured', retired);
  }
}

async function newCopy(place: CopyPlace, newest: Root, { disk, maxOpened }: Setting): Promise<KeyCopy> {
  const identity: Identity = { keyring: newest.keyring, nameSecret: newest.nameSecret };
  await disk.makeFolder(place.dataDir);
  await disk.makeFolder(place.keysDir);
  await checkKeysFolder(place.keysDir, [place.dataDir]);
  return KeyCopy.make(place, disk, maxOpened, identity, filling(newest));
}

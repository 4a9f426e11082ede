import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { MasterKeyRefused } from '../errors.ts';
import type { Disk } from './disk.ts';

/*
 * A file of 88 bytes: 8 of mark, the keyring's id (16), the key (32), SHA-256 of those (32).
 * `master.key` is the one in force. A walk writes `master.next` beside it; once the tree is committed under that, `master.key` becomes
 * `master.old`, `master.next` becomes `master.key`, and `master.old` is overwritten and removed.
 */
const MARK = Buffer.from('PLMSTR1\n');
const FILE_BYTES = 88;
const NAMES = { key: 'master.key', next: 'master.next', old: 'master.old' } as const;
export type Which = keyof typeof NAMES;

export interface MasterKey {
  readonly keyring: Buffer;
  readonly key: Buffer;
}

export function freshMasterKey(keyring: Buffer): MasterKey {
  return { keyring, key: randomFillSync(Buffer.alloc(32)) };
}

/** Refuses a folder that others can read, or that a copy of the data would carry along. */
export async function checkKeysFolder(keysDir: string, dataDirs: readonly string[]): Promise<void> {
  const mode = await modeOf(keysDir);
  if (mode === undefined) {
    const line = `no folder of master keys at ${keysDir}: bring it back, or set PALMLEDGER_KEYS to where it lies`;
    throw new MasterKeyRefused('missing', line);
  }
  if (mode & 0o077) {
    throw new MasterKeyRefused('readable', `others can read ${keysDir}: run chmod 700 ${keysDir}`);
  }
  for (const dataDir of dataDirs) await refuseInside(keysDir, dataDir);
}

async function refuseInside(keysDir: string, dataDir: string): Promise<void> {
  const [keys, data] = await Promise.all([realpath(keysDir), realpath(dataDir).catch(() => dataDir)]);
  const way = relative(data, keys);
  if (way !== '..' && !way.startsWith(`..${sep}`)) {
    const line = `the master keys' folder ${keysDir} lies inside the data folder ${dataDir}: set PALMLEDGER_KEYS to a place outside it`;
    throw new MasterKeyRefused('inside', line);
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The master-key folder of one copy. */
export class MasterKeys {
  readonly folder: string;
  readonly #disk: Disk;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.folder = folder;
  }

  path(which: Which): string {
    return join(this.folder, NAMES[which]);
  }

  async has(which: Which): Promise<boolean> {
    return (await this.#disk.size(this.path(which))) !== undefined;
  }

  /** Undefined where there is none; `corrupt` where it is not whole, as a crash leaves `next` or `old`. */
  async read(which: Which): Promise<MasterKey | 'corrupt' | undefined> {
    const path = this.path(which);
    const mode = await modeOf(path);
    if (mode === undefined) return undefined;
    if (mode & 0o077) throw new MasterKeyRefused('readable', `others can read ${path}: run chmod 600 ${path}`);
    const bytes = await this.#disk.read(path, 0, FILE_BYTES);
    const sum = createHash('sha256').update(bytes.subarray(0, 56)).digest();
    const whole = bytes.length === FILE_BYTES && bytes.subarray(0, 8).equals(MARK) && sum.equals(bytes.subarray(56));
    const found = whole
      ? { keyring: Buffer.from(bytes.subarray(8, 24)), key: Buffer.alloc(32, bytes.subarray(24, 56)) }
      : 'corrupt';
    bytes.fill(0);
    return found;
  }

  /** Puts a key beside the one in force, durable. */
  async writeNext(next: MasterKey): Promise<void> {
    const clear = Buffer.concat([MARK, next.keyring, next.key]);
    const bytes = Buffer.concat([clear, createHash('sha256').update(clear).digest()]);
    await this.overwrite('next');
    await this.#disk.write(this.path('next'), 0, bytes);
    await this.#disk.sync(this.path('next'));
    await this.#disk.syncFolder(this.folder);
    clear.fill(0);
    bytes.fill(0);
  }

  /** The tree is committed under `next`: it comes into force, and the old one ends. Goes on from wherever it was cut off. */
  async promoteNext(): Promise<void> {
    await this.overwrite('old');
    if (await this.has('key')) await this.#disk.rename(this.path('key'), this.path('old'));
    await this.#disk.syncFolder(this.folder);
    await this.#disk.rename(this.path('next'), this.path('key'));
    await this.#disk.syncFolder(this.folder);
    await this.overwrite('old');
  }

  /** Overwrites a key file in place, then removes it. */
  async overwrite(which: Which): Promise<void> {
    const path = this.path(which);
    const bytes = await this.#disk.size(path);
    if (bytes === undefined) return;
    await this.#disk.write(path, 0, randomBytes(Math.max(bytes, FILE_BYTES)));
    await this.#disk.sync(path);
    await this.#disk.unlink(path);
    await this.#disk.syncFolder(this.folder);
  }
}

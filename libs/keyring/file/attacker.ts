import { createDecipheriv } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { filesUnder } from './faulty-disk.ts';
import { openMessage } from './message.ts';
import { childrenOf, entriesOf, isPage, levelOf, PAGE_BYTES, type PageRef, PLAIN_BYTES } from './page.ts';
import { openRoot, ROOT_BYTES } from './root.ts';

const NONCE = Buffer.alloc(12);

/**
 * Somebody who holds copies of the keyring's folders from several moments and the given master keys: tries every master key on every
 * root, every page key it finds on every slot of every page file, and returns every data key that it reaches.
 */
export async function reachableKeys(folders: readonly string[], masterKeys: readonly Buffer[]): Promise<Buffer[]> {
  const files = (await Promise.all(folders.map(filesUnder))).flat();
  const named = (name: string): Promise<Buffer[]> => {
    return Promise.all(files.filter((file) => basename(file) === name).map((file) => readFile(file)));
  };
  const roots = (await named('root')).flatMap((file) => parts(file, ROOT_BYTES));
  const slots = (await named('pages')).map((file) => parts(file, PAGE_BYTES));
  const found: Buffer[] = [];
  const tried = new Set<string>();
  let refs: PageRef[] = [];
  let keyring: Buffer = Buffer.alloc(16);
  for (const stored of roots) {
    for (const master of masterKeys) {
      const root = openRoot(stored, master);
      if (root?.top) refs.push(root.top);
      keyring = root?.keyring ?? keyring;
    }
  }
  while (refs.length > 0) {
    const next: PageRef[] = [];
    for (const { slot, key } of refs) {
      const id = `${slot}/${key.toString('hex')}`;
      if (tried.has(id)) continue;
      tried.add(id);
      for (const file of slots) {
        const page = openPage(file[slot], key, keyring, slot);
        if (!page) continue;
        if (levelOf(page) > 0) next.push(...childrenOf(page));
        else found.push(...entriesOf(page).flatMap((entry) => (entry.key ? [Buffer.from(entry.key)] : [])));
      }
    }
    refs = next;
  }
  return found;
}

/** The master keys that lie in folders, whatever their names. */
export async function masterKeysIn(folders: readonly string[]): Promise<Buffer[]> {
  const files = (await Promise.all(folders.map(filesUnder)))
    .flat()
    .filter((file) => basename(file).startsWith('master.'));
  const keys = await Promise.all(files.map((file) => readFile(file)));
  return keys.map((bytes) => Buffer.from(bytes.subarray(24, 56)));
}

export function opensWithAny(keys: readonly Buffer[], sealed: Uint8Array, context: string): boolean {
  return keys.some((key) => openMessage(key, sealed, context) !== undefined);
}

function parts(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function openPage(stored: Buffer | undefined, key: Buffer, keyring: Buffer, slot: number): Buffer | undefined {
  if (!stored) return undefined;
  const bound = Buffer.alloc(24);
  keyring.copy(bound);
  bound.writeUInt32LE(slot, 16);
  const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: 16 });
  decipher.setAAD(bound).setAuthTag(stored.subarray(0, 16));
  try {
    const page = Buffer.concat([decipher.update(stored.subarray(16)), decipher.final()]);
    return page.length === PLAIN_BYTES && isPage(page) ? page : undefined;
  } catch {
    return undefined;
  }
}

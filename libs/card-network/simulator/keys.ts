import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64url, toBase64url } from '#libs/device-protocol/base64.ts';
import { importPrivateKey, newKeyPair } from '#libs/device-protocol/hpke.ts';
import { CLOCKS_APART_MS, signKey, type SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';

const DAY_MS = 24 * 3_600_000;
/** A new key is announced while the one before it still opens for a week. */
const FRESH_MS = 23 * DAY_MS;
const LIFE_MS = 30 * DAY_MS;

interface KeptKey {
  readonly key: SignedKey;
  /** Raw X25519, base64url. */
  readonly privateKey: string;
}

interface KeyFile {
  readonly root: JsonWebKey;
  readonly tokeniser: readonly KeptKey[];
}

export interface NetworkKeys {
  readonly rootKey: string;
  current(): Promise<SignedKey>;
  /** Nothing where the key is unknown or its time is over. */
  privateKeyOf(keyId: string): Promise<CryptoKey | undefined>;
}

/** The simulator's own keys, in a file of its folder (mode 0600): devices know its root from their activation on. */
export async function openKeys(folder: string, clock: Clock): Promise<NetworkKeys> {
  const file = join(folder, 'network-keys.json');
  let kept = (await readKeys(file)) ?? (await save(file, { root: await newRoot(), tokeniser: [] }));
  const root = await crypto.subtle.importKey('jwk', kept.root, 'Ed25519', false, ['sign']);
  let turn: Promise<unknown> = Promise.resolve();

  async function fresh(): Promise<SignedKey> {
    const now = clock.now().getTime();
    const newest = kept.tokeniser.at(-1)?.key;
    const age = newest === undefined ? Infinity : now - Date.parse(newest.notBefore) - CLOCKS_APART_MS;
    if (newest !== undefined && age >= 0 && age < FRESH_MS) return newest;
    const pair = await newKeyPair();
    const key = await signKey(
      'tokeniser',
      {
        keyId: newId(),
        publicKey: pair.publicKey,
        notBefore: new Date(now - CLOCKS_APART_MS).toISOString(),
        notAfter: new Date(now + LIFE_MS).toISOString(),
      },
      root,
    );
    const living = kept.tokeniser.filter(({ key: old }) => Date.parse(old.notAfter) > now);
    kept = await save(file, { ...kept, tokeniser: [...living, { key, privateKey: toBase64url(pair.privateRaw) }] });
    pair.privateRaw.fill(0);
    return key;
  }

  return {
    rootKey: kept.root.x!,
    current: () => {
      const next = turn.then(fresh);
      turn = next.catch(() => undefined);
      return next;
    },
    privateKeyOf: async (keyId) => {
      const found = kept.tokeniser.find(({ key }) => key.keyId === keyId);
      if (found === undefined || Date.parse(found.key.notAfter) <= clock.now().getTime()) return undefined;
      return importPrivateKey(fromBase64url(found.privateKey)!);
    },
  };
}

async function newRoot(): Promise<JsonWebKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return crypto.subtle.exportKey('jwk', pair.privateKey);
}

async function readKeys(file: string): Promise<KeyFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KeyFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function save(file: string, keys: KeyFile): Promise<KeyFile> {
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(keys));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return keys;
}

import { chmodSync, existsSync, statSync } from 'node:fs';
import { newDeviceKeys } from '#libs/device-protocol/device-client.ts';
import type { DeviceState, DeviceStore } from '#libs/device-protocol/device-state.ts';
import { jsonIn } from '#libs/command-line/credential.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { writeDurably } from '#libs/runtime/write-durably.ts';

const FORMAT = 1;

/** All that a device is: who copies this file has cloned it, and the service finds out. */
interface Kept {
  readonly format: typeof FORMAT;
  readonly url: string;
  readonly keys: { readonly publicKey: JsonWebKey; readonly privateKey: JsonWebKey };
  /** Absent until it is activated. */
  readonly state?: DeviceState;
}

export interface DeviceFile {
  readonly url: string;
  readonly keys: CryptoKeyPair;
  readonly store: DeviceStore;
}

/** The keys are on disk before the service learns the public one: an activation whose answer is lost can be asked again. */
export async function makeDeviceFile(path: string, url: string): Promise<DeviceFile> {
  if (existsSync(path)) {
    const kept = read(path);
    if (kept.state !== undefined) {
      throw new CannotDo(`${path} is the device ${kept.state.device} already; name another file by --device`);
    }
    write(path, { ...kept, url });
    return opened(path);
  }
  const pair = await newDeviceKeys(true);
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.exportKey('jwk', pair.publicKey),
    crypto.subtle.exportKey('jwk', pair.privateKey),
  ]);
  write(path, { format: FORMAT, url, keys: { publicKey, privateKey } });
  return opened(path);
}

export async function openDeviceFile(path: string): Promise<DeviceFile> {
  if (!existsSync(path)) throw new CannotDo(`there is no device in ${path}; make one by: device register`);
  if (read(path).state === undefined) throw new CannotDo(`${path} is not activated; go on by: device register`);
  return opened(path);
}

async function opened(path: string): Promise<DeviceFile> {
  const { url, keys } = read(path);
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.importKey('jwk', keys.publicKey, 'Ed25519', true, ['verify']),
    crypto.subtle.importKey('jwk', keys.privateKey, 'Ed25519', false, ['sign']),
  ]).catch(() => {
    throw new CannotDo(`${path} holds no Ed25519 keys`);
  });
  const store: DeviceStore = {
    load: async () => read(path).state,
    save: async (state) => write(path, { ...read(path), state }),
  };
  return { url, keys: { publicKey, privateKey }, store };
}

function read(path: string): Kept {
  if ((statSync(path).mode & 0o077) !== 0) {
    throw new CannotDo(`${path} holds a private key and others may read it; set its mode to 0600`);
  }
  const kept = jsonIn(path) as unknown as Partial<Kept>;
  if (kept.format === FORMAT && typeof kept.url === 'string' && kept.keys !== undefined) return kept as Kept;
  throw new CannotDo(`${path} is no device of this version`);
}

function write(path: string, kept: Kept): void {
  writeDurably(path, Buffer.from(`${JSON.stringify(kept, undefined, 2)}\n`));
  chmodSync(path, 0o600);
}

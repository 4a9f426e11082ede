import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyring } from '#libs/keyring/port.ts';
import { writeDurably } from '#libs/runtime/write-durably.ts';

/** The service's own keys: none of them opens anything of a person. */
export interface ServiceKeys {
  /** Names claims' streams (HMAC). */
  readonly claimSecret: Uint8Array;
  /** Seals what is opaque to its holder: cursors, handles, sessions (AES-256). */
  readonly handleSecret: Uint8Array;
  /** Makes the values that a device hands back with its next request. */
  readonly chainSecret: Uint8Array;
  /** Ed25519. Devices learn its public half at activation; it signs the recognition zone's key of the day. */
  readonly root: SigningKey;
  /** Ed25519. Signs tree heads and erasure certificates. */
  readonly evidence: SigningKey;
  /** Ed25519. Signs bearer tokens. */
  readonly tokens: SigningKey;
}

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const KEY = 'service-keys';
const CONTEXT = 'service keys 1';
const SECRETS = ['claimSecret', 'handleSecret', 'chainSecret'] as const;
const SIGNING = ['root', 'evidence', 'tokens'] as const;
type Stored = Record<(typeof SECRETS)[number] | (typeof SIGNING)[number], string>;

/**
 * Opens the service's keys from `<data>/service-keys.sealed`, which only the keyring opens, or makes them in an empty folder.
 * Throws where the file is there and does not open: keys are never made anew over lost ones.
 */
export async function openServiceKeys(
  keyring: Pick<Keyring, 'make' | 'seal' | 'open'>,
  dataDir: string,
): Promise<ServiceKeys> {
  const path = join(dataDir, 'service-keys.sealed');
  if (existsSync(path)) return fromStored(await unseal(keyring, readFileSync(path)));
  const stored = makeStored();
  await keyring.make([KEY]);
  const plaintext = Buffer.from(JSON.stringify(stored));
  const [sealed] = await keyring.seal([{ key: KEY, plaintext, context: CONTEXT }]);
  plaintext.fill(0);
  writeDurably(path, sealed!);
  return fromStored(stored);
}

async function unseal(keyring: Pick<Keyring, 'open'>, ciphertext: Uint8Array): Promise<Stored> {
  const [opened] = await keyring.open([{ key: KEY, ciphertext, context: CONTEXT }]);
  if (opened === undefined || opened === 'gone') throw new Error('the service keys belong to another keyring');
  const stored = JSON.parse(Buffer.from(opened).toString('utf8')) as Stored;
  opened.fill(0);
  return stored;
}

function makeStored(): Stored {
  const secrets = SECRETS.map((name) => [name, randomBytes(32).toString('base64url')]);
  const signing = SIGNING.map((name) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return [name, privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')];
  });
  return Object.fromEntries([...secrets, ...signing]) as Stored;
}

function fromStored(stored: Stored): ServiceKeys {
  const secret = (name: (typeof SECRETS)[number]): Uint8Array => Buffer.from(stored[name], 'base64url');
  const signing = (name: (typeof SIGNING)[number]): SigningKey => {
    const privateKey = createPrivateKey({ key: Buffer.from(stored[name], 'base64url'), format: 'der', type: 'pkcs8' });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  };
  return {
    claimSecret: secret('claimSecret'),
    handleSecret: secret('handleSecret'),
    chainSecret: secret('chainSecret'),
    root: signing('root'),
    evidence: signing('evidence'),
    tokens: signing('tokens'),
  };
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeFileKeyring } from '#libs/keyring/file/open.ts';
import { beside, type Measured } from './measured.ts';

const MANY = 5_000;
const BYTES = 256;

/** Sealing and opening by the keyring beside node:crypto's AES-256-GCM alone, with the key at hand. */
export async function benchSealing(folder: string): Promise<Measured[]> {
  const keyring = await makeFileKeyring({ dataDir: join(folder, 'data'), keysDir: join(folder, 'keys') });
  try {
    await keyring.make(['oneId-bench']);
    const key = randomBytes(32);
    const plaintext = randomBytes(BYTES);
    const context = 'oneId-bench\nid\ndata';
    const toSeal = { key: 'oneId-bench', plaintext, context };
    const [ciphertext] = await keyring.seal([toSeal]);
    const bare = sealBare(key, plaintext, context);
    const items = Array.from({ length: 100 }, () => toSeal);
    const sealed = Array.from({ length: 100 }, () => ({ key: 'oneId-bench', ciphertext: ciphertext!, context }));
    return [
      await beside(
        'seal 256 bytes',
        0.6,
        () => inHundreds(() => keyring.seal(items)),
        () => times(() => sealBare(key, plaintext, context)),
      ),
      await beside(
        'open 256 bytes',
        0.6,
        () => inHundreds(() => keyring.open(sealed)),
        () => times(() => openBare(key, bare, context)),
      ),
    ];
  } finally {
    await keyring.close();
  }
}

async function inHundreds(work: () => Promise<unknown>): Promise<number> {
  for (let done = 0; done < MANY; done += 100) await work();
  return MANY;
}

function times(work: () => unknown): number {
  for (let done = 0; done < MANY; done += 1) work();
  return MANY;
}

function sealBare(key: Buffer, plaintext: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function openBare(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}

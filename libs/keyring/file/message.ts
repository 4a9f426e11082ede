import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

/*
 * A sealed item: version (1 byte), nonce (12, random), ciphertext, tag (16). AES-256-GCM; version and context are authenticated.
 * Random nonces are safe for 2^32 messages under one key (NIST SP 800-38D); a data key seals the fields of one item, or the events of
 * one stream, which end many orders of magnitude below.
 */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const START = 1 + NONCE_BYTES;
const OPTIONS = { authTagLength: TAG_BYTES };

const nonces = Buffer.alloc(NONCE_BYTES * 512);
let nextNonce = nonces.length;

/** Drawn by the hundred: a call to the generator for each would cost as much as the encryption. Never used twice. */
function freshNonce(into: Buffer, at: number): void {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nonces.copy(into, at, nextNonce, nextNonce + NONCE_BYTES);
  nextNonce += NONCE_BYTES;
}

const bound = (context: string): Buffer => Buffer.from(`${VERSION}/${context}`);

export function sealMessage(key: Uint8Array, plaintext: Uint8Array, context: string): Buffer {
  const sealed = Buffer.allocUnsafe(START + plaintext.length + TAG_BYTES);
  sealed[0] = VERSION;
  freshNonce(sealed, 1);
  const cipher = createCipheriv('aes-256-gcm', key, sealed.subarray(1, START), OPTIONS);
  cipher.setAAD(bound(context));
  cipher.update(plaintext).copy(sealed, START);
  cipher.final();
  cipher.getAuthTag().copy(sealed, START + plaintext.length);
  return sealed;
}

/** Undefined where it, its context or its key is not the one that it was sealed with. */
export function openMessage(key: Uint8Array, sealed: Uint8Array, context: string): Buffer | undefined {
  if (sealed.length < START + TAG_BYTES || sealed[0] !== VERSION) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, START), OPTIONS);
  decipher.setAAD(bound(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(sealed.subarray(START, sealed.length - TAG_BYTES));
  try {
    decipher.final();
    return opened;
  } catch {
    opened.fill(0);
    return undefined;
  }
}

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { fromBase64url, toBase64url, utf8, type Bytes } from './base64.ts';

/** HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. X25519 is in WebCrypto of all current browsers. */
export function suite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

const VERSION = 1;
const ENC = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** What travels: version, the key's id, HPKE's encapsulated key, ciphertext. */
export interface Sealed {
  readonly keyId: string;
  readonly enc: Bytes;
  readonly ciphertext: Bytes;
}

/** `version (1) | length of key id (1) | key id | enc (32) | ciphertext`, base64url. */
export function packSealed({ keyId, enc, ciphertext }: Sealed): string {
  const id = utf8(keyId);
  const bytes = new Uint8Array(2 + id.length + enc.length + ciphertext.length);
  bytes.set([VERSION, id.length]);
  bytes.set(id, 2);
  bytes.set(enc, 2 + id.length);
  bytes.set(ciphertext, 2 + id.length + enc.length);
  return toBase64url(bytes);
}

export function unpackSealed(text: string): Sealed | undefined {
  const bytes = fromBase64url(text);
  const length = bytes?.[1] ?? 0;
  if (bytes === undefined || bytes[0] !== VERSION || bytes.length <= 2 + length + ENC) return undefined;
  const keyId = String.fromCharCode(...bytes.subarray(2, 2 + length));
  if (!KEY_ID.test(keyId)) return undefined;
  const enc = bytes.subarray(2 + length, 2 + length + ENC);
  return { keyId, enc, ciphertext: bytes.subarray(2 + length + ENC) };
}

/** Seals to a raw X25519 public key (base64url). `info` binds what it is for. */
export async function sealTo(
  key: { keyId: string; publicKey: string },
  info: Bytes,
  plaintext: Bytes,
): Promise<string> {
  const raw = fromBase64url(key.publicKey);
  if (raw?.length !== ENC || !KEY_ID.test(key.keyId)) throw new TypeError('not a key of this protocol');
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.deserializePublicKey(raw);
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info }, plaintext);
  return packSealed({ keyId: key.keyId, enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) });
}

/** Nothing where it was sealed to another key, for something else, or altered: these cannot be told apart. */
export async function openWith(
  privateKey: CryptoKey,
  info: Bytes,
  { enc, ciphertext }: Sealed,
): Promise<Bytes | undefined> {
  try {
    return new Uint8Array(await suite().open({ recipientKey: privateKey, enc, info }, ciphertext));
  } catch {
    return undefined;
  }
}

/** A raw X25519 private key (32 bytes) for `openWith`. The bytes stay the caller's, to overwrite. */
export async function importPrivateKey(raw: Bytes): Promise<CryptoKey> {
  const copy = raw.slice();
  try {
    return await suite().kem.importKey('raw', copy.buffer, false);
  } finally {
    copy.fill(0);
  }
}

/** Raw, for whoever keeps keys of the day; the private one is to be overwritten once it is imported or sealed. */
export async function newKeyPair(): Promise<{ publicKey: string; privateKey: CryptoKey; privateRaw: Bytes }> {
  const hpke = suite();
  const pair = await hpke.kem.generateKeyPair();
  const publicRaw = new Uint8Array(await hpke.kem.serializePublicKey(pair.publicKey));
  const privateRaw = new Uint8Array(await hpke.kem.serializePrivateKey(pair.privateKey));
  return { publicKey: toBase64url(publicRaw), privateKey: pair.privateKey, privateRaw };
}

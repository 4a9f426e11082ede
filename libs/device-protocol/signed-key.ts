import { fromBase64url, toBase64url, utf8, type Bytes } from './base64.ts';

/** A public key (X25519, raw, base64url) that stands for a time, signed by a root key (Ed25519) that the device knows. */
export interface SignedKey {
  readonly keyId: string;
  readonly publicKey: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** base64url, over `signedKeyText`. */
  readonly signature: string;
}

/** Clocks differ: a fresh key stands from this long before it was made, so that no device finds it "not yet". Milliseconds. */
export const CLOCKS_APART_MS = 120_000;

/** `capture`: the recognition zone's, signed by the service. `tokeniser`: the card network's, signed by the card network. */
export type KeyUse = 'capture' | 'tokeniser';

/** The bytes that a root key signs: fixed order, one field a line. */
export function signedKeyText(use: KeyUse, key: Omit<SignedKey, 'signature'>): Bytes {
  return utf8([`palmledger ${use} key 1`, key.keyId, key.publicKey, key.notBefore, key.notAfter].join('\n'));
}

export async function signKey(use: KeyUse, key: Omit<SignedKey, 'signature'>, rootKey: CryptoKey): Promise<SignedKey> {
  const signature = await crypto.subtle.sign('Ed25519', rootKey, signedKeyText(use, key));
  return { ...key, signature: toBase64url(new Uint8Array(signature)) };
}

export type KeyVerdict = 'valid' | 'malformed' | 'signature-invalid' | 'not-yet' | 'over';

/** Before a device encrypts anything to a key. `rootKey`: raw Ed25519, base64url, learnt at activation. */
export async function verifySignedKey(use: KeyUse, key: SignedKey, rootKey: string, now: Date): Promise<KeyVerdict> {
  const root = fromBase64url(rootKey);
  const signature = fromBase64url(key.signature);
  const parts = [key.keyId, key.publicKey, key.notBefore, key.notAfter];
  if (root?.length !== 32 || signature?.length !== 64 || parts.some((part) => part.includes('\n'))) return 'malformed';
  const verifier = await crypto.subtle.importKey('raw', root, 'Ed25519', false, ['verify']);
  if (!(await crypto.subtle.verify('Ed25519', verifier, signature, signedKeyText(use, key))))
    return 'signature-invalid';
  // Written so that a date that cannot be read is never within.
  if (!(now.getTime() >= Date.parse(key.notBefore))) return 'not-yet';
  return now.getTime() < Date.parse(key.notAfter) ? 'valid' : 'over';
}

/** The recognition zone's key of the day. */
export function verifyZoneKey(key: SignedKey, rootKey: string, now: Date): Promise<KeyVerdict> {
  return verifySignedKey('capture', key, rootKey, now);
}

export function verifyTokeniserKey(key: SignedKey, rootKey: string, now: Date): Promise<KeyVerdict> {
  return verifySignedKey('tokeniser', key, rootKey, now);
}

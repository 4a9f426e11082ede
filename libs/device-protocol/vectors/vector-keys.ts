import { fromBase64url, toBase64url, type Bytes } from '../base64.ts';
import { suite } from '../hpke.ts';

/** Keys of the test vectors, and of nothing else. Private ones are 32 bytes of one value each, so that anybody can make them. */
export function fixedBytes(value: number): Bytes {
  return new Uint8Array(32).fill(value);
}

export interface FixedPair {
  /** Raw, base64url. */
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The head of an Ed25519 private key in PKCS #8 (RFC 8410), before its 32 bytes. */
const PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

export async function ed25519(seed: Bytes): Promise<FixedPair & { signer: CryptoKey }> {
  const pkcs8 = new Uint8Array([...PKCS8, ...seed]);
  const signer = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', signer);
  return { privateKey: toBase64url(seed), publicKey: x!, signer };
}

/** The point that every X25519 private key is multiplied with (RFC 7748, section 4.1). */
const BASE_POINT = new Uint8Array([9, ...new Uint8Array(31)]);
const X25519_PKCS8 = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];

export async function x25519(raw: Bytes): Promise<FixedPair> {
  const pkcs8 = new Uint8Array([...X25519_PKCS8, ...raw]);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', false, ['deriveBits']);
  const base = await crypto.subtle.importKey('raw', BASE_POINT, 'X25519', false, []);
  const publicKey = await crypto.subtle.deriveBits({ name: 'X25519', public: base }, privateKey, 256);
  return { privateKey: toBase64url(raw), publicKey: toBase64url(new Uint8Array(publicKey)) };
}

/** An HPKE ephemeral pair; a real one is random, always. */
export async function ephemeral(raw: Bytes): Promise<CryptoKeyPair> {
  const { kem } = suite();
  const { publicKey } = await x25519(raw);
  return {
    privateKey: await kem.importKey('raw', raw.slice().buffer, false),
    publicKey: await kem.deserializePublicKey(fromBase64url(publicKey)!),
  };
}

import { fromBase64url, toBase64url, utf8, type Bytes } from './base64.ts';

/** What a new key signs to take the place of a device's old one: fixed order, one field a line. */
export function keyProofText(device: string, publicKey: string): Bytes {
  return utf8(['palmledger device key 1', device, publicKey].join('\n'));
}

/** By the new private key, base64url. `publicKey`: raw Ed25519, base64url. */
export async function proveKey(privateKey: CryptoKey, device: string, publicKey: string): Promise<string> {
  const signature = await crypto.subtle.sign('Ed25519', privateKey, keyProofText(device, publicKey));
  return toBase64url(new Uint8Array(signature));
}

/** Never throws: what is no key or no signature proves nothing. */
export async function verifyKeyProof(proof: string, device: string, publicKey: string): Promise<boolean> {
  const [raw, signature] = [fromBase64url(publicKey), fromBase64url(proof)];
  if (raw?.length !== 32 || signature?.length !== 64) return false;
  try {
    const verifier = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', verifier, signature, keyProofText(device, publicKey));
  } catch {
    return false;
  }
}

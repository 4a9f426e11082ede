import canonicalize from 'canonicalize';
import { sign, verify, type KeyObject } from 'node:crypto';

/** What is signed is told apart by its first line, so that a signature for one kind of statement is none for another. */
function signedBytes(kind: string, body: object): Buffer {
  return Buffer.from(`${kind}\n${canonicalize(body)}`, 'utf8');
}

/** Ed25519 over kind, line feed, and the body's canonical JSON; base64url. */
export function signBody(kind: string, body: object, key: KeyObject): string {
  mustBeEd25519(key);
  return sign(null, signedBytes(kind, body), key).toString('base64url');
}

export function isSignedBy(kind: string, body: object, signature: string, key: KeyObject): boolean {
  mustBeEd25519(key);
  return verify(null, signedBytes(kind, body), key, Buffer.from(signature, 'base64url'));
}

function mustBeEd25519(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('evidence is signed with Ed25519 keys');
}

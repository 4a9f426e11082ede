import { toBase64url } from '../base64.ts';
import { newKeyPair } from '../hpke.ts';
import type { KeysOfTheDay, RootKeys } from '../messages.ts';
import { signKey, type KeyUse, type SignedKey } from '../signed-key.ts';
import type { PrivateKeyOf } from './judge-sealed.ts';

/** Keys of a service that is none: made at each start, so that what a device seals can be opened and looked at here. */
export interface StandInKeys {
  readonly roots: RootKeys;
  readonly good: KeysOfTheDay;
  /** The same with keys whose signatures do not verify: a sound device seals nothing to them. */
  readonly bad: KeysOfTheDay;
  readonly captureKeyOf: PrivateKeyOf;
  readonly cardKeyOf: PrivateKeyOf;
}

export async function standInKeys(now: Date): Promise<StandInKeys> {
  const [service, cardNetwork] = await Promise.all([root(), root()]);
  const [capture, tokeniser, badCapture, badTokeniser] = await Promise.all([
    signed('capture', 'capture-1', service.privateKey, now),
    signed('tokeniser', 'tokeniser-1', cardNetwork.privateKey, now),
    // Each signed by the other's root: good signatures, of the wrong hand.
    signed('capture', 'capture-bad', cardNetwork.privateKey, now),
    signed('tokeniser', 'tokeniser-bad', service.privateKey, now),
  ]);
  const keyOf = (good: Kept, bad: Kept): PrivateKeyOf => {
    return (keyId) => (keyId === good.key.keyId ? good.privateKey : keyId === bad.key.keyId ? 'untrusted' : undefined);
  };
  return {
    roots: { service: service.publicKey, cardNetwork: cardNetwork.publicKey },
    good: { capture: capture.key, tokeniser: tokeniser.key },
    bad: { capture: badCapture.key, tokeniser: badTokeniser.key },
    captureKeyOf: keyOf(capture, badCapture),
    cardKeyOf: keyOf(tokeniser, badTokeniser),
  };
}

interface Kept {
  readonly key: SignedKey;
  readonly privateKey: CryptoKey;
}

async function signed(use: KeyUse, keyId: string, rootKey: CryptoKey, now: Date): Promise<Kept> {
  const { publicKey, privateKey, privateRaw } = await newKeyPair();
  privateRaw.fill(0);
  const notBefore = new Date(now.getTime() - 3_600_000).toISOString();
  const notAfter = new Date(now.getTime() + 24 * 3_600_000).toISOString();
  return { key: await signKey(use, { keyId, publicKey, notBefore, notAfter }, rootKey), privateKey };
}

async function root(): Promise<{ publicKey: string; privateKey: CryptoKey }> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return { publicKey: toBase64url(raw), privateKey };
}

import { importPrivateKey, newKeyPair } from '#libs/device-protocol/hpke.ts';
import { CLOCKS_APART_MS, type SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { ZoneParts } from './parts.ts';
import { inOrder } from './in-order.ts';

const DAY_MS = 24 * 3_600_000;
/** A key is announced for a day and still opens for this long after its successor came. */
const OVERLAP_MS = 3_600_000;

/**
 * The zone's key pairs for captures. Made here, held in this memory alone, never written: a capture that was recorded on its
 * way opens for nobody once its day is over, or once the zone has ended.
 */
export interface KeysOfTheDay {
  readonly current: () => Promise<SignedKey>;
  readonly privateKeyOf: (keyId: string) => CryptoKey | undefined;
  readonly close: () => void;
}

export function keysOfTheDay(clock: Clock, signKey: ZoneParts['signKey']): KeysOfTheDay {
  let held: { readonly key: SignedKey; readonly privateKey: CryptoKey }[] = [];
  const queue = inOrder();

  const forgetOver = (): void => {
    const now = clock.now().getTime();
    held = held.filter(({ key }) => now < Date.parse(key.notAfter));
  };
  // Also where nobody asks: an old key is not kept for want of visitors.
  const timer = setInterval(forgetOver, 60_000).unref();

  const make = async (): Promise<SignedKey> => {
    const { publicKey, privateRaw } = await newKeyPair();
    try {
      const now = clock.now().getTime();
      const key = await signKey({
        keyId: newId(),
        publicKey,
        notBefore: new Date(now - CLOCKS_APART_MS).toISOString(),
        notAfter: new Date(now + DAY_MS + OVERLAP_MS).toISOString(),
      });
      // Imported again so that no extractable copy is held.
      held.push({ key, privateKey: await importPrivateKey(privateRaw) });
      return key;
    } finally {
      privateRaw.fill(0);
    }
  };

  return {
    current: () =>
      queue(async () => {
        forgetOver();
        const newest = held.at(-1)?.key;
        const age =
          newest === undefined ? Infinity : clock.now().getTime() - Date.parse(newest.notBefore) - CLOCKS_APART_MS;
        // A clock that was set back gets a new key too, since devices would find the newest "not yet".
        return newest === undefined || age < 0 || age >= DAY_MS ? make() : newest;
      }),
    privateKeyOf: (keyId) => {
      forgetOver();
      return held.find(({ key }) => key.keyId === keyId)?.privateKey;
    },
    close: () => {
      clearInterval(timer);
      held = [];
    },
  };
}

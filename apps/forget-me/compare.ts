import { sealMessage } from '#libs/keyring/file/message.ts';
import { tryAll, type Opened } from './opening.ts';
import { OrdinaryKeyring, unwrapped } from './ordinary-keyring.ts';
import type { Sealed } from './read-ledger.ts';

/**
 * The same plaintexts, sealed under an ordinary keyring; the person's keys are destroyed there, and the same attack is made: with the
 * copies from before and after and today's master key.
 */
export function attackOrdinary(opened: Opened, hers: readonly Sealed[]): Opened {
  const keyring = new OrdinaryKeyring();
  const keys = new Map<string, Buffer>();
  const sealed: Sealed[] = [];
  for (const one of hers) {
    const plaintext = opened.parts.get(one.id)?.plaintext;
    if (plaintext === undefined) continue;
    const name = one.stream;
    const key = keys.get(name) ?? keyring.make(name);
    keys.set(name, key);
    sealed.push({ ...one, ciphertext: sealMessage(key, plaintext, one.context) });
  }
  const before = keyring.copy();
  for (const [name, key] of keys) {
    keyring.destroy(name);
    key.fill(0);
  }
  return tryAll(unwrapped([before, keyring.copy()], keyring.master), sealed);
}

import { masterKeysIn, reachableKeys } from '#libs/keyring/file/attacker.ts';
import { openMessage } from '#libs/keyring/file/message.ts';
import type { Copy } from './take-copy.ts';
import type { Sealed } from './read-ledger.ts';

/** What a set of keys gives away. */
export interface Opened {
  readonly keys: number;
  /** What some key opened, by the ciphertext's id. */
  readonly parts: ReadonlyMap<string, Part>;
}

export interface Part {
  readonly sealed: Sealed;
  readonly plaintext: Buffer;
}

/** Every data key that the copies of keyrings give to who has these master keys. */
export async function keysFrom(copies: readonly Copy[], masters: readonly Copy[]): Promise<Buffer[]> {
  const masterKeys = await masterKeysIn(masters.map((copy) => copy.masters));
  const keys = await reachableKeys(
    copies.map(({ folder }) => folder),
    masterKeys,
  );
  return [...new Map(keys.map((key) => [key.toString('hex'), key])).values()];
}

/** Tries every key on every ciphertext. */
export function tryAll(keys: readonly Buffer[], sealed: readonly Sealed[]): Opened {
  const parts = new Map<string, Part>();
  // Ciphertexts of one stream often share a key: the last that opened is tried first.
  let order = [...keys];
  for (const one of sealed) {
    const at = order.findIndex((key) => openMessage(key, one.ciphertext, one.context) !== undefined);
    if (at < 0) continue;
    const key = order[at]!;
    order = [key, ...order.slice(0, at), ...order.slice(at + 1)];
    parts.set(one.id, { sealed: one, plaintext: openMessage(key, one.ciphertext, one.context)! });
  }
  return { keys: keys.length, parts };
}

/** Each ciphertext once, wherever it was found. */
export function distinct(sealed: readonly Sealed[]): Sealed[] {
  return [...new Map(sealed.map((one) => [one.id, one])).values()];
}

/** That of it which belongs to some ciphertexts. */
export function openedOf({ keys, parts }: Opened, sealed: readonly Sealed[]): Opened {
  const ids = new Set(sealed.map(({ id }) => id));
  return { keys, parts: new Map([...parts].filter(([id]) => ids.has(id))) };
}

/** How many sealed fields it reads. */
export function fieldsIn({ parts }: Opened): number {
  return [...parts.values()].reduce(
    (sum, { plaintext }) => sum + Object.keys(said(plaintext) ?? { signature: 1 }).length,
    0,
  );
}

/** A plaintext as what it says; undefined for a signature, which is bytes. */
export function said(plaintext: Buffer): Record<string, unknown> | undefined {
  if (plaintext[0] !== 0x7b) return undefined;
  try {
    return JSON.parse(plaintext.toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

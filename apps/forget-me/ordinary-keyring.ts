import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * A keyring as it is usually built, for comparison: each data key wrapped by itself under a master key that stays. To destroy a key is to
 * delete its row. Nothing in the product uses it.
 */
export class OrdinaryKeyring {
  readonly master: Buffer = randomBytes(32);
  readonly #wrapped = new Map<string, Buffer>();

  make(name: string): Buffer {
    const key = randomBytes(32);
    this.#wrapped.set(name, wrap(this.master, key));
    return key;
  }

  destroy(name: string): void {
    this.#wrapped.get(name)?.fill(0);
    this.#wrapped.delete(name);
  }

  /** Its file as it is now: the wrapped keys. */
  copy(): Buffer[] {
    return [...this.#wrapped.values()].map((row) => Buffer.from(row));
  }
}

/** Every data key that copies of such a file give to who has the master key. */
export function unwrapped(copies: readonly (readonly Buffer[])[], master: Buffer): Buffer[] {
  return copies.flat().map((row) => {
    const decipher = createDecipheriv('aes-256-gcm', master, row.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(row.subarray(44));
    return Buffer.concat([decipher.update(row.subarray(12, 44)), decipher.final()]);
  });
}

function wrap(master: Buffer, key: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', master, nonce, { authTagLength: 16 });
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

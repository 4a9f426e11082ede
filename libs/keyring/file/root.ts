import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { CopyStatus, RetiredCopy } from '../port.ts';
import { KEY_BYTES, type PageRef, PLACE_BYTES } from './page.ts';

/*
 * On disk: 8 bytes of mark, the keyring's id (16), a salt (32), the tag (16), and the encrypted record up to ROOT_BYTES.
 * The salt makes a key of its own from the master key for every writing, so a nonce that never changes is safe.
 */
export const ROOT_BYTES = 16_384;
const MARK = Buffer.from('PLROOT1\n');
const NONCE = Buffer.alloc(12);
const CLEAR = MARK.length + 16;
const BODY = CLEAR + 32 + 16;
const HELD = ROOT_BYTES - BODY;

/** A copy as the keyring knows it. */
export interface Known {
  readonly name: string;
  readonly medium: string;
  readonly state: CopyStatus['state'];
  readonly retired?: RetiredCopy;
}

/** The root of one copy's tree: what the master key opens. */
export interface Root {
  /** Random id of the keyring, 16 bytes: the same on all its copies. */
  readonly keyring: Buffer;
  /** Under which names become places, 32 bytes: the same on all copies. */
  readonly nameSecret: Buffer;
  /** The name of the copy that this is. */
  readonly copy: string;
  readonly top: PageRef | undefined;
  /** Walks done. */
  readonly epoch: number;
  /** Changes done, walks included. */
  readonly commit: number;
  readonly keys: number;
  readonly gone: number;
  /** Places are gone for which the master key has not changed yet. */
  readonly walkDue: boolean;
  /** False while the copy is being filled from another. */
  readonly whole: boolean;
  readonly copies: readonly Known[];
}

type Told = Pick<Root, 'copy' | 'epoch' | 'commit' | 'keys' | 'gone' | 'walkDue' | 'whole' | 'copies'>;

export function sealRoot(root: Root, masterKey: Buffer): Buffer {
  const { copy, epoch, commit, keys, gone, walkDue, whole, copies } = root;
  const told: Told = { copy, epoch, commit, keys, gone, walkDue, whole, copies };
  const held = Buffer.alloc(HELD);
  let at = root.nameSecret.copy(held);
  at = held.writeUInt8(root.top ? 1 : 0, at);
  if (root.top) {
    at += root.top.low.copy(held, at);
    at = held.writeUInt32LE(root.top.slot, at);
    at += root.top.key.copy(held, at);
  }
  const text = Buffer.from(JSON.stringify(told));
  if (at + 4 + text.length > HELD) throw new RangeError('the keyring knows too many copies');
  at = held.writeUInt32LE(text.length, at);
  text.copy(held, at);

  const clear = Buffer.concat([MARK, root.keyring]);
  const salt = randomBytes(32);
  const key = rootKey(masterKey, salt);
  const cipher = createCipheriv('aes-256-gcm', key, NONCE).setAAD(clear);
  const body = cipher.update(held);
  cipher.final();
  held.fill(0);
  key.fill(0);
  return Buffer.concat([clear, salt, cipher.getAuthTag(), body]);
}

/** The keyring's id, in the clear; undefined where the bytes are no root. */
export function keyringOf(stored: Buffer): Buffer | undefined {
  const whole = stored.length === ROOT_BYTES && stored.subarray(0, MARK.length).equals(MARK);
  return whole ? Buffer.from(stored.subarray(MARK.length, CLEAR)) : undefined;
}

/** Undefined where this master key does not open it. */
export function openRoot(stored: Buffer, masterKey: Buffer): Root | undefined {
  const keyring = keyringOf(stored);
  if (!keyring) return undefined;
  const key = rootKey(masterKey, stored.subarray(CLEAR, CLEAR + 32));
  let held: Buffer | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, NONCE, { authTagLength: 16 });
    decipher.setAAD(stored.subarray(0, CLEAR)).setAuthTag(stored.subarray(CLEAR + 32, BODY));
    held = decipher.update(stored.subarray(BODY));
    decipher.final();
    return decode(keyring, held);
  } catch {
    return undefined;
  } finally {
    held?.fill(0);
    key.fill(0);
  }
}

function decode(keyring: Buffer, held: Buffer): Root {
  let at = 0;
  const take = (length: number): Buffer => {
    const taken = Buffer.alloc(length);
    at += held.copy(taken, 0, at, at + length);
    return taken;
  };
  const nameSecret = take(32);
  const hasTop = take(1)[0] === 1;
  const top = hasTop ? { low: take(PLACE_BYTES), slot: take(4).readUInt32LE(0), key: take(KEY_BYTES) } : undefined;
  const told = JSON.parse(take(take(4).readUInt32LE(0)).toString()) as Told;
  return { keyring, nameSecret, top, ...told };
}

function rootKey(masterKey: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, salt, 'palmledger/keyring/root', KEY_BYTES));
}

import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  type Decipheriv,
  hash,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import { base32 } from '#libs/runtime/ids.ts';
import { BadKeyName } from '../errors.ts';
import { LOWEST, type Place, PLACE_BYTES } from './page.ts';

const BY_ID = /^([A-Za-z]{1,32})-([a-z2-7]{25}[aeimquy4])$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const MAX_KINDS = 256;

interface Kind {
  readonly toPlace: Cipheriv;
  readonly toId: Decipheriv;
}

/**
 * Where a name's key lies in the tree: a secret function of the name. For `${kind}-${id}` it is AES of the id under a key of that kind,
 * which can be turned round: so ids can be made whose keys share a page. For all others it is AES of the name's SHA-256, cut to a block.
 */
export class Places {
  readonly #secret: Buffer;
  readonly #kinds = new Map<string, Kind>();

  readonly #names: Cipheriv;

  constructor(secret: Buffer) {
    this.#secret = secret;
    this.#names = this.#fresh('names').toPlace;
  }

  /** BadKeyName where it is not 1 to 256 characters. */
  of(name: string): Place {
    if (typeof name !== 'string' || name.length === 0 || name.length > 256) {
      throw new BadKeyName("a key's name has 1 to 256 characters");
    }
    const parts = BY_ID.exec(name);
    if (parts) return this.#kind(parts[1] as string).toPlace.update(bytesOf(parts[2] as string));
    return this.#names.update(hash('sha256', name, 'buffer').subarray(0, PLACE_BYTES));
  }

  /** Random ids of a kind, whose places lie from `low` up to, not including, `next`. */
  ids(kind: string, count: number, low: Place, next: Place | undefined): { id: string; place: Place }[] {
    const { toId } = this.#kind(kind);
    return Array.from({ length: count }, () => {
      const place = randomPlace(low, next);
      return { id: base32(toId.update(place)), place };
    });
  }

  #kind(kind: string): Kind {
    const known = this.#kinds.get(kind);
    if (known) return known;
    const fresh = this.#fresh(`kind/${kind}`);
    if (this.#kinds.size < MAX_KINDS) this.#kinds.set(kind, fresh);
    return fresh;
  }

  /** Ciphers of single blocks in ECB: each block by itself is the permutation that is wanted here. */
  #fresh(purpose: string): Kind {
    const key = Buffer.from(hkdfSync('sha256', this.#secret, '', `palmledger/keyring/place/${purpose}`, 32));
    const fresh = {
      toPlace: createCipheriv('aes-256-ecb', key, null).setAutoPadding(false),
      toId: createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false),
    };
    key.fill(0);
    return fresh;
  }
}

function randomPlace(low: Place, next: Place | undefined): Place {
  const from = toNumber(low);
  const width = (next ? toNumber(next) : 1n << 128n) - from;
  const place = from + ((toNumber(randomBytes(PLACE_BYTES)) * width) >> 128n);
  const bytes = Buffer.alloc(PLACE_BYTES);
  bytes.writeBigUInt64BE(place >> 64n, 0);
  bytes.writeBigUInt64BE(place & 0xffff_ffff_ffff_ffffn, 8);
  return bytes;
}

const toNumber = (place: Buffer): bigint => (place.readBigUInt64BE(0) << 64n) | place.readBigUInt64BE(8);

export const anywhere = (): Place => randomPlace(LOWEST, undefined);

/** 26 base32 characters are 130 bits; the last two are zero, which BY_ID has checked. */
function bytesOf(id: string): Buffer {
  const bytes = Buffer.alloc(PLACE_BYTES);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of id) {
    held = (held << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >>> bits;
    held &= (1 << bits) - 1;
  }
  return bytes;
}

import { hkdfSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ApprovalsRefused, BadKeyName, KeyGone, KeyringUnavailable, KeyUnknown, SealBroken } from '../errors.ts';
import type { Destruction, Keyring, KeyringStatus, ToOpen, ToSeal } from '../port.ts';
import { IdsAhead } from './ahead.ts';
import type { Copies } from './copies.ts';
import { openMessage, sealMessage } from './message.ts';
import { Places } from './places.ts';
import { KeyReader } from './reader.ts';
import type { Found } from './tree.ts';
import { KeyWriter } from './writer.ts';

/** Sealed or opened in one turn of the event loop; then others have theirs. */
const TURN_ITEMS = 256;
const TURN_BYTES = 1 << 20;
const MAX_RESERVED = 4096;
const DERIVE_INFO = 'palmledger/derive/';

export interface FileKeyringSizes {
  /** Opened keys kept in memory. */
  readonly cachedKeys: number;
  /** Ids made ahead at a time, by kind. */
  readonly ahead: number;
}

/** The keyring over its copies in files. Sealing and opening happen in the caller's thread; all disk work is asynchronous. */
export class FileKeyring implements Keyring {
  readonly #copies: Copies;
  readonly #reader: KeyReader;
  readonly #writer: KeyWriter;
  readonly #ahead: IdsAhead;
  readonly #nameSecret: Buffer;
  #closed: Promise<void> | undefined;

  constructor(copies: Copies, sizes: FileKeyringSizes) {
    this.#copies = copies;
    this.#nameSecret = Buffer.alloc(copies.root.nameSecret.length, copies.root.nameSecret);
    const places = new Places(this.#nameSecret);
    this.#reader = new KeyReader(copies, places, sizes.cachedKeys);
    this.#writer = new KeyWriter(copies, places, this.#reader);
    this.#ahead = new IdsAhead(this.#writer, this.#reader, sizes.ahead);
  }

  async make(names: readonly string[]): Promise<void> {
    this.#mustBeOpen();
    if (names.length > 0) await this.#writer.make(names);
  }

  async reserve(kind: string, count = 1): Promise<string[]> {
    this.#mustBeOpen();
    if (!/^[A-Za-z]{1,32}$/.test(kind)) throw new BadKeyName('a kind is 1 to 32 letters');
    if (!Number.isInteger(count) || count < 1 || count > MAX_RESERVED) {
      throw new RangeError(`ids are reserved 1 to ${MAX_RESERVED} at a time`);
    }
    return this.#ahead.take(kind, count);
  }

  seal(items: readonly ToSeal[]): Promise<Uint8Array[]> {
    return this.#inTurns(
      items,
      ({ plaintext }) => plaintext.length,
      ({ plaintext, context }, key, index) => sealMessage(living(key, index), plaintext, context),
    );
  }

  open(items: readonly ToOpen[]): Promise<(Uint8Array | 'gone')[]> {
    return this.#inTurns(
      items,
      ({ ciphertext }) => ciphertext.length,
      ({ ciphertext, context }, key, index) => {
        if (!Buffer.isBuffer(key)) return 'gone';
        const opened = openMessage(key, ciphertext, context);
        if (!opened) throw new SealBroken(index);
        return opened;
      },
    );
  }

  async has(names: readonly string[]): Promise<boolean[]> {
    this.#mustBeOpen();
    return this.#reader.use(names, (found) => found.map((key) => Buffer.isBuffer(key)));
  }

  async derive(key: string, info: string, length: number): Promise<Uint8Array | 'gone'> {
    this.#mustBeOpen();
    return this.#reader.use([key], ([found]) => {
      return Buffer.isBuffer(found)
        ? new Uint8Array(hkdfSync('sha256', found, '', DERIVE_INFO + info, length))
        : 'gone';
    });
  }

  async destroy(names: readonly string[]): Promise<Destruction> {
    this.#mustBeOpen();
    return this.#writer.destroy(names);
  }

  async status(): Promise<KeyringStatus> {
    this.#mustBeOpen();
    const { root, pages, quorum, status } = this.#copies;
    return { epoch: root.epoch, keys: root.keys, destroyed: root.gone, pages, quorum, copies: status };
  }

  async retireCopy(name: string, approvals: readonly [string, string]): Promise<void> {
    this.#mustBeOpen();
    checkApprovals(approvals);
    await this.#writer.alone(() => this.#copies.retire(name, approvals));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#writer.close();
    this.#reader.clear();
    this.#ahead.clear();
    await this.#copies.close();
    this.#nameSecret.fill(0);
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new KeyringUnavailable('the keyring is closed');
  }

  async #inTurns<I extends { readonly key: string }, O>(
    items: readonly I[],
    bytes: (item: I) => number,
    each: (item: I, key: Found, index: number) => O,
  ): Promise<O[]> {
    const done: O[] = [];
    while (done.length < items.length) {
      this.#mustBeOpen();
      if (done.length > 0) await setImmediate();
      const turn = nextTurn(items, done.length, bytes);
      const names = turn.map(({ key }) => key);
      const apply = (found: readonly Found[]): void => {
        turn.forEach((item, i) => done.push(each(item, found[i] ?? 'unknown', done.length)));
      };
      const known = this.#reader.known(names);
      if (known) apply(known);
      else await this.#reader.use(names, apply);
    }
    return done;
  }
}

function nextTurn<I>(items: readonly I[], from: number, bytes: (item: I) => number): readonly I[] {
  if (items.length === 1) return items;
  let to = from;
  let held = 0;
  while (to < items.length && to - from < TURN_ITEMS && held < TURN_BYTES) held += bytes(items[to++] as I);
  return items.slice(from, to);
}

function living(key: Found, index: number): Buffer {
  if (key === 'gone') throw new KeyGone(index);
  if (key === 'unknown') throw new KeyUnknown(index);
  return key;
}

/** Four eyes: two principals, each named. */
export function checkApprovals(by: readonly [string, string]): void {
  const [first, second] = by;
  if (!first || !second || first === second) throw new ApprovalsRefused('a copy is retired by two different admins');
}

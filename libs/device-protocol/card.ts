import { utf8, type Bytes } from './base64.ts';
import { cardInfo } from './binding-text.ts';
import { openWith, sealTo, unpackSealed } from './hpke.ts';
import type { CardBinding } from './purpose.ts';

export interface CardDetails {
  /** Digits only, 12 to 19. */
  readonly pan: string;
  /** YYYY-MM. */
  readonly expiry: string;
  readonly holder?: string;
}

/** All cards are as long as this, so that the ciphertext tells nothing about the number's length. */
const PADDED = 256;

/** Encrypts a card to the card network's tokeniser: nobody between can read it. `key`: the verified tokeniser's key. */
export async function sealCard(
  { pan, expiry, holder }: CardDetails,
  key: { readonly keyId: string; readonly publicKey: string },
  binding: CardBinding,
): Promise<string> {
  if (!/^\d{12,19}$/.test(pan) || !/^\d{4}-(0[1-9]|1[0-2])$/.test(expiry)) throw new TypeError('not a card');
  const text = utf8(JSON.stringify({ pan, expiry, ...(holder === undefined ? {} : { holder }) }));
  if (text.length > PADDED) throw new TypeError('the holder is too long');
  const padded = new Uint8Array(PADDED).fill(0x20);
  padded.set(text);
  try {
    return await sealTo(key, cardInfo(binding, key.keyId), padded);
  } finally {
    padded.fill(0);
    text.fill(0);
  }
}

export type OpenedCard =
  | { readonly outcome: 'opened'; readonly card: CardDetails }
  | { readonly outcome: 'refused'; readonly reason: 'unreadable' | 'key-unknown' };

/** At the tokeniser alone. */
export async function openCard(
  sealed: string,
  binding: CardBinding,
  privateKeyOf: (keyId: string) => Promise<CryptoKey | undefined> | CryptoKey | undefined,
): Promise<OpenedCard> {
  const packed = unpackSealed(sealed);
  if (packed === undefined) return { outcome: 'refused', reason: 'unreadable' };
  const privateKey = await privateKeyOf(packed.keyId);
  if (privateKey === undefined) return { outcome: 'refused', reason: 'key-unknown' };
  const info = infoOf(binding, packed.keyId);
  const opened = info && (await openWith(privateKey, info, packed));
  const card = opened && cardOf(opened);
  opened?.fill(0);
  return card === undefined ? { outcome: 'refused', reason: 'unreadable' } : { outcome: 'opened', card };
}

function infoOf(binding: CardBinding, keyId: string): Bytes | undefined {
  try {
    return cardInfo(binding, keyId);
  } catch {
    return undefined;
  }
}

function cardOf(bytes: Bytes): CardDetails | undefined {
  try {
    const card = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<CardDetails> | null;
    if (typeof card?.pan !== 'string' || !/^\d{12,19}$/.test(card.pan)) return undefined;
    if (typeof card.expiry !== 'string' || !/^\d{4}-(0[1-9]|1[0-2])$/.test(card.expiry)) return undefined;
    if (card.holder !== undefined && typeof card.holder !== 'string') return undefined;
    return { pan: card.pan, expiry: card.expiry, ...(card.holder === undefined ? {} : { holder: card.holder }) };
  } catch {
    return undefined;
  }
}

export type Kind = 'value' | 'signature' | 'picture';

/** Something that must not be found. */
export interface Needle {
  readonly kind: Kind;
  /** In a few words; never the value itself. */
  readonly what: string;
  readonly bytes: Buffer;
  /** How many of its bytes, one after the other, count as found: all of them for a value, a stretch for a signature. */
  readonly least: number;
}

export interface Hit {
  readonly needle: Needle;
  readonly at: number;
  readonly length: number;
}

const SHORTEST = 6;

/** Needles of a text: as it is, in UTF-16, hex, base64 and base64url, wherever in an encoded whole it begins. */
export function textNeedles(what: string, text: string): Needle[] {
  const utf8 = Buffer.from(text, 'utf8');
  return [
    whole(`${what}, UTF-8`, utf8),
    whole(`${what}, UTF-16`, Buffer.from(text, 'utf16le')),
    ...encoded({ kind: 'value', what, bytes: utf8, least: Infinity }),
  ];
}

/** Needles of bytes: as they are, and what text would make of them. `least`: how many in a row count as found. */
export function bytesNeedles(needle: Needle): Needle[] {
  return [needle, ...encoded({ ...needle, least: needle.least * 2 })];
}

function encoded({ kind, what, bytes, least }: Needle): Needle[] {
  const hex = bytes.toString('hex');
  const texts = [
    [`${what}, hex`, hex],
    [`${what}, hex`, hex.toUpperCase()],
    ...[0, 1, 2].map((shift) => [`${what}, base64`, inBase64(bytes, shift)] as const),
    ...[0, 1, 2].map((shift) => [`${what}, base64url`, forUrl(inBase64(bytes, shift))] as const),
  ] as const;
  const byText = new Map(texts.map(([label, text]) => [text, label]));
  return [...byText]
    .filter(([text]) => text.length >= SHORTEST)
    .map(([text, label]) => ({ kind, what: label, bytes: Buffer.from(text), least: Math.min(least, text.length) }));
}

function whole(what: string, bytes: Buffer): Needle {
  return { kind: 'value', what, bytes, least: bytes.length };
}

/** The characters that depend on these bytes alone, where `shift` bytes of something else stand before them. */
function inBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor(((shift + bytes.length) * 8) / 6);
  return text.slice(first, last);
}

const forUrl = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

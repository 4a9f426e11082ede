import { quantiseQuery, quantiseRow } from '#libs/recognition/matching/quantise.ts';
import { palmReader } from '#libs/recognition/palm/palm-reader.ts';
import type { Signature } from '#libs/recognition/palm/port.ts';
import type { Drawn } from './drawn.ts';
import { bytesNeedles, textNeedles, type Needle } from './needle.ts';
import type { Opened } from './opening.ts';
import { said } from './opening.ts';
import type { Whose } from './whose.ts';

/** Bytes in a row that count as a piece of a signature: a stripe of the index, four numbers of a vector. */
const STRETCH = 16;

/** Bytes of a picture that count as found, and how many such pieces of each are looked for. */
const PIECE = 64;
const PIECES = 32;

/** Pictures, and the signatures that the same reader computes from them, in every form in which a signature is held. */
export async function shownNeedles(pictures: readonly Uint8Array[]): Promise<Needle[]> {
  const reader = palmReader();
  try {
    const needles = pictures.flatMap(piecesOf);
    for (const picture of pictures) {
      const reading = await reader.read({ visible: Uint8Array.from(picture) });
      if (reading.outcome === 'signature') needles.push(...needlesOf(reading.signature));
    }
    return needles;
  } finally {
    await reader.close();
  }
}

function needlesOf({ vector, code }: Signature): Needle[] {
  const row = Buffer.alloc(vector.length);
  const query = new Int8Array(vector.length);
  quantiseRow(vector, row);
  quantiseQuery(vector, query);
  const forms = [
    ['vector, f32', Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)],
    ['vector, int8 as it is stored', row],
    ['vector, int8 as it is asked for', Buffer.from(query.buffer)],
    ['code', Buffer.from(code)],
  ] as const;
  return forms.flatMap(([what, bytes]) => bytesNeedles({ kind: 'signature', what, bytes, least: STRETCH }));
}

/** Evenly from the whole file: a picture is too long to look for each of its bytes. */
function piecesOf(picture: Uint8Array): Needle[] {
  const step = Math.floor((picture.length - PIECE) / PIECES);
  return Array.from({ length: PIECES }, (_, at) => {
    // Not from its beginning, which is the same for all pictures of a size.
    const from = Math.floor((at + 0.5) * step);
    const bytes = Buffer.from(picture.subarray(from, from + PIECE));
    return { kind: 'picture', what: 'picture', bytes, least: PIECE } as const;
  });
}

/** What was planted with the person, and what the system made of it: the card's token, pseudonyms. */
export function plantedValues(drawn: Drawn, opened: Opened, person: Whose): ReadonlyMap<string, string> {
  const { phone, card, account, loyalty, said: words } = drawn;
  const values = new Map([
    ['phone number', phone],
    ['phone number without +', phone.slice(1)],
    ['card number', card],
    ['linked account', account],
    ['loyalty reference', loyalty],
    ['words of a dispute', words],
  ]);
  const known = new Set(values.values());
  for (const { sealed, plaintext } of opened.parts.values()) {
    const facts = person.streams.has(sealed.stream) ? (said(plaintext) ?? {}) : {};
    for (const name of ['token', 'pseudonym']) {
      const value = facts[name];
      if (typeof value !== 'string' || known.has(value)) continue;
      known.add(value);
      values.set(`${name === 'token' ? 'card’s token' : 'pseudonym'} (${known.size})`, value);
    }
  }
  return values;
}

export function valueNeedles(values: ReadonlyMap<string, string>): Needle[] {
  return [...values].flatMap(([what, value]) => textNeedles(what, value));
}

import { describe, expect, it } from '@jest/globals';
import { bytesNeedles, textNeedles } from './needle.ts';
import { searchFor } from './search.ts';

const PHONE = '+491701234567';
const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 197 + 31) % 256));
const found = (bytes: Buffer): string[] =>
  searchFor(textNeedles('phone', PHONE))(bytes).map(({ needle }) => needle.what);

describe('Searching bytes for what was planted', () => {
  it.each([
    ['UTF-8', Buffer.from(PHONE)],
    ['UTF-16', Buffer.from(PHONE, 'utf16le')],
    ['hex', Buffer.from(Buffer.from(PHONE).toString('hex'))],
    ['hex', Buffer.from(Buffer.from(PHONE).toString('hex').toUpperCase())],
  ])('finds a text as %s, wherever it stands', (encoding, written) => {
    for (const before of [0, 1, 2, 3, 4, 5])
      expect(found(Buffer.concat([noise(before), written, noise(9)]))).toEqual([`phone, ${encoding}`]);
  });

  it.each(['base64', 'base64url'] as const)(
    'finds it within a longer text in %s, wherever it began there',
    (encoding) => {
      for (const before of [0, 1, 2, 3, 4, 5]) {
        const whole = `{"n":"${'x'.repeat(before)}${PHONE}","more":"to come"}`;
        expect(found(Buffer.from(Buffer.from(whole).toString(encoding)))).toHaveLength(1);
      }
    },
  );

  it('finds a stretch of a signature, with how long it is, and nothing where only less of it stands', () => {
    const signature = noise(200);
    const search = searchFor(bytesNeedles({ kind: 'signature', what: 'vector', bytes: signature, least: 16 }));
    const around = (part: Buffer): Buffer => Buffer.concat([Buffer.alloc(33), part, Buffer.alloc(33)]);
    expect(search(around(signature.subarray(50, 90))).map(({ at, length }) => [at, length])).toEqual([[33, 40]]);
    expect(search(around(signature.subarray(50, 65)))).toEqual([]);
  });

  it('takes zeros for nothing', () => {
    const bytes = Buffer.concat([Buffer.alloc(64), noise(64)]);
    const search = searchFor(bytesNeedles({ kind: 'signature', what: 'code', bytes, least: 16 }));
    expect(search(Buffer.alloc(4096))).toEqual([]);
  });
});

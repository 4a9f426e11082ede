import { describe, expect, it } from '@jest/globals';
import { fromBase64, fromBase64url, toBase64, toBase64url } from './base64.ts';

describe('base64', () => {
  it('comes back as it was, of any length', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = crypto.getRandomValues(new Uint8Array(length));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }
  });

  it('reads a picture of megabytes', () => {
    expect(fromBase64url(toBase64url(new Uint8Array(20_000_000)))).toHaveLength(20_000_000);
  });

  it.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', '=AAA', 'AA=A', 'AAAA====', 'AA A', 'AA-_', 'AAAA\n'])(
    'takes %j for none, since its encoder would not write it',
    (text) => expect(fromBase64(text)).toBeUndefined(),
  );

  it.each(['A', 'AB', 'AAB', 'AA==', 'AA+/', 'AAAA\n'])('takes %j for none of the URL-safe kind', (text) =>
    expect(fromBase64url(text)).toBeUndefined(),
  );
});

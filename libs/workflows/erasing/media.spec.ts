import { describe, expect, it } from '@jest/globals';
import { DESTROYED, KEPT } from './kept.ts';
import { inWords, whatOverwritingProves } from './media.ts';

describe('What a certificate says of media', () => {
  it.each([
    ['NVMe SSD, ext4', /drive has set aside/],
    ['ZFS on HDD', /snapshots/],
    ['magnetic disk, ext4', /sectors/],
    ['tmpfs', /swapped/],
    ['HSM in Geneva', /module/],
    ['a box under the stairs', /On a medium that writes in place nothing is left of it; on flash/],
  ])('given %s, says what overwriting shows there', (medium, says) => {
    expect(whatOverwritingProves(medium)).toMatch(says);
  });

  it('given words of an operator that no certificate can hold, says them as it can', () => {
    expect(inWords('a\nb\0c')).toBe('a b c');
    expect(inWords('x'.repeat(900))).toHaveLength(500);
    expect(inWords('')).toBe('unnamed');
    expect(inWords('\ud800x')).toBe(' x');
    expect(inWords(`${'x'.repeat(499)}😀`).isWellFormed()).toBe(true);
  });

  it('is short enough to be in a certificate, and names no state of anybody', () => {
    const media = ['SSD', 'ZFS', 'disk', 'tmpfs', 'HSM', '?'].map(whatOverwritingProves);
    const all = [
      ...media,
      ...KEPT.flatMap((one) => Object.values(one)),
      ...DESTROYED.flatMap((one) => Object.values(one)),
    ];
    for (const text of all) expect(text).toMatch(/^[^\p{Cc}]{1,500}$/u);
  });
});

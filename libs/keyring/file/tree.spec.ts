import { describe, expect, it } from '@jest/globals';
import { fileDisk } from './disk.ts';
import { makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

describe('a tree of three levels', () => {
  it('holds every key that was made and none that was destroyed, and a destruction rewrites three pages of hundreds', async () => {
    const { options, remove } = await drawFolder();
    const names = Array.from({ length: 120_000 }, (_, i) => `oneId-${i}`);
    let keyring = await makeFileKeyring(options);
    for (let from = 0; from < names.length; from += 40_000) await keyring.make(names.slice(from, from + 40_000));
    const doomed = names.filter((_, i) => i % 300 === 7);
    await keyring.destroy(doomed);
    const ids = await keyring.reserve('payment', 1000);
    await keyring.close();

    const disk = fileDisk();
    let written = 0;
    const write = async (path: string, offset: number, bytes: Uint8Array): Promise<void> => {
      if (path.endsWith('pages') && bytes.some((byte) => byte !== 0)) written++;
      return disk.write(path, offset, bytes);
    };
    keyring = await openFileKeyring({ ...options, cachedPages: 16, disk: { ...disk, write } });
    const gone = new Set(doomed);
    const has = await keyring.has(names);
    expect(names.every((name, i) => has[i] === !gone.has(name))).toBe(true);
    expect(await keyring.has(ids.map((id) => `payment-${id}`))).not.toContain(false);
    const { pages, keys, destroyed } = await keyring.status();
    expect([pages > 400, keys >= 120_600, destroyed]).toEqual([true, true, doomed.length]);
    written = 0;
    await keyring.destroy(['oneId-0']);
    expect(written).toBe(3);
    await keyring.close();
    await remove();
  });
});

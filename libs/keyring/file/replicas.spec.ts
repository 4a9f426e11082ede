import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRefused, CopyAway, CopyRefused, MasterKeyRefused, NoQuorum } from '../errors.ts';
import type { Keyring } from '../port.ts';
import { masterKeysIn, opensWithAny, reachableKeys } from './attacker.ts';
import type { Disk } from './disk.ts';
import { fileDisk } from './disk.ts';
import { type FileKeyringOptions, makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

const ADMINS = ['principal-a', 'principal-b'] as const;

/** A disk on which everything under some folders fails, as a mount that went away. */
function unplugged(real: Disk): { disk: Disk; unplug: (folder: string) => void; plug: () => void } {
  let away: string | undefined;
  const disk = new Proxy(real, {
    get:
      (target, what: keyof Disk) =>
      async (path: string, ...rest: unknown[]) => {
        if (away && path.startsWith(away) && what !== 'release')
          throw Object.assign(new Error('no such device'), { code: 'EIO' });
        return (target[what] as (...args: unknown[]) => Promise<unknown>).call(target, path, ...rest);
      },
  });
  return { disk, unplug: (folder) => (away = folder), plug: () => (away = undefined) };
}

describe('a keyring with copies', () => {
  let drawn: Awaited<ReturnType<typeof drawFolder>>;
  let options: FileKeyringOptions;
  let plugs: ReturnType<typeof unplugged>;
  let keyring: Keyring;
  const at = (name: string): string => join(drawn.folder, name);
  const states = async (): Promise<string[]> => (await keyring.status()).copies.map(({ state }) => state);
  const reopen = async (changed: Partial<FileKeyringOptions> = {}): Promise<void> => {
    await keyring.close();
    keyring = await openFileKeyring({ ...options, ...changed });
  };

  beforeEach(async () => {
    drawn = await drawFolder(2);
    plugs = unplugged(fileDisk());
    options = { ...drawn.options, disk: plugs.disk };
    keyring = await makeFileKeyring(options);
    await keyring.make(['doomed', 'stays']);
  });
  afterEach(async () => {
    plugs.plug();
    await keyring.close();
    await drawn.remove();
  });

  it('names each copy and its medium where a destruction is done', async () => {
    const { copies } = await keyring.destroy(['doomed']);
    expect(copies.map(({ name, medium }) => `${name} on ${medium}`)).toEqual([
      'main on file',
      'replica-1 on disk',
      'replica-2 on disk',
    ]);
  });

  it('given one that is away: makes, seals and opens; a destruction is taken by the rest, and done when it is back', async () => {
    plugs.unplug(at('replica-1'));
    await keyring.make(['new']);
    expect(await states()).toEqual(['in-step', 'away', 'in-step']);
    const [sealed] = await keyring.seal([{ key: 'stays', plaintext: Buffer.from('v'), context: '' }]);
    expect(await keyring.open([{ key: 'stays', ciphertext: sealed as Uint8Array, context: '' }])).toEqual([
      Buffer.from('v'),
    ]);
    await expect(keyring.destroy(['doomed'])).rejects.toThrow(CopyAway);
    expect(await keyring.has(['doomed'])).toEqual([false]);
    await expect(keyring.destroy(['doomed'])).rejects.toThrow(CopyAway);
    plugs.plug();
    expect((await keyring.destroy(['doomed'])).copies).toHaveLength(3);
    expect(await states()).toEqual(['in-step', 'in-step', 'in-step']);
  });

  it('given too few that can be written: makes nothing, and still opens', async () => {
    await reopen({ quorum: 3 });
    plugs.unplug(at('replica-2'));
    await expect(keyring.make(['new'])).rejects.toThrow(NoQuorum);
    await expect(keyring.make(['new'])).rejects.toThrow(NoQuorum);
    await expect(keyring.reserve('payment')).rejects.toThrow(NoQuorum);
    expect(await keyring.has(['stays'])).toEqual([true]);
  });

  it('given one that comes back older: it is filled, and what was destroyed meanwhile stays destroyed in its files too', async () => {
    const item = { key: 'doomed', plaintext: Buffer.from('v'), context: 'c' };
    const [sealed] = (await keyring.seal([item])) as [Uint8Array];
    await keyring.close();
    await cp(at('replica-2'), at('older'), { recursive: true });
    keyring = await openFileKeyring(options);
    await keyring.make(Array.from({ length: 1000 }, (_, i) => `later-${i}`));
    await keyring.destroy(['doomed']);
    await keyring.close();
    await rm(at('replica-2'), { recursive: true });
    await rename(at('older'), at('replica-2'));

    keyring = await openFileKeyring(options);
    expect(await states()).toEqual(['in-step', 'in-step', 'in-step']);
    expect(await keyring.has(['doomed', 'stays', 'later-999'])).toEqual([false, true, true]);
    const reached = await reachableKeys([drawn.folder], await masterKeysIn([drawn.folder]));
    expect(opensWithAny(reached, sealed, 'c')).toBe(false);

    // The copy that was filled carries everything by itself.
    const without = { copies: ['main', 'replica-1'], approvals: ADMINS };
    await rm(at('main/data'), { recursive: true });
    await rm(at('replica-1/data'), { recursive: true });
    await reopen({ without });
    expect(await keyring.has(['doomed', 'stays', 'later-999'])).toEqual([false, true, true]);
  });

  it('given an older data folder of a copy under its key of today: it is made anew', async () => {
    await keyring.close();
    await cp(at('replica-1/data'), at('older'), { recursive: true });
    keyring = await openFileKeyring(options);
    await keyring.destroy(['doomed']);
    await keyring.close();
    await rm(at('replica-1/data'), { recursive: true });
    await rename(at('older'), at('replica-1/data'));
    keyring = await openFileKeyring(options);
    expect(await states()).toEqual(['in-step', 'in-step', 'in-step']);
    expect(await keyring.has(['doomed', 'stays'])).toEqual([false, true]);
  });

  it('given one that is lost: destructions wait until two different admins retire it by name', async () => {
    await keyring.close();
    await rm(at('replica-1'), { recursive: true });
    keyring = await openFileKeyring(options);
    await expect(keyring.destroy(['doomed'])).rejects.toMatchObject({ copies: ['replica-1'] });
    await expect(keyring.retireCopy('replica-1', ['principal-a', 'principal-a'])).rejects.toThrow(ApprovalsRefused);
    await expect(keyring.retireCopy('nobody', [...ADMINS])).rejects.toThrow(CopyRefused);
    await keyring.retireCopy('replica-1', [...ADMINS]);
    expect((await keyring.destroy(['doomed'])).copies.map(({ name }) => name)).toEqual(['main', 'replica-2']);
    await reopen();
    const [, retired] = (await keyring.status()).copies;
    expect(retired).toMatchObject({ name: 'replica-1', state: 'retired', retired: { by: ADMINS } });
  });

  it('given a retired copy that can be reached: its master key is overwritten', async () => {
    await keyring.retireCopy('replica-1', [...ADMINS]);
    expect(await masterKeysIn([at('replica-1')])).toEqual([]);
    await keyring.retireCopy('replica-2', [...ADMINS]);
    await expect(keyring.retireCopy('main', [...ADMINS])).rejects.toThrow(CopyRefused);
  });

  it('given the first copy lost: refused, until two admins open it without; nothing is invented', async () => {
    await keyring.close();
    await rm(at('main'), { recursive: true });
    await expect(openFileKeyring(options)).rejects.toThrow(MasterKeyRefused);
    const without = { copies: ['main'], approvals: ADMINS };
    keyring = await openFileKeyring({ ...options, without });
    expect(await keyring.has(['stays', 'doomed'])).toEqual([true, true]);
    expect(await states()).toEqual(['retired', 'in-step', 'in-step']);
    await reopen();
    expect((await keyring.destroy(['doomed'])).copies).toHaveLength(2);
  });

  it('given copies missing that may hold newer keys: refused', async () => {
    await keyring.close();
    await rm(at('replica-1/data'), { recursive: true });
    await rm(at('replica-2/data'), { recursive: true });
    await expect(openFileKeyring(options)).rejects.toThrow(NoQuorum);
    keyring = await openFileKeyring({ ...options, without: { copies: ['replica-1', 'replica-2'], approvals: ADMINS } });
    expect(await keyring.has(['stays'])).toEqual([true]);
  });

  it('given a new one in the settings: it is filled at the start', async () => {
    const replicas = [
      ...(options.replicas ?? []),
      { name: 'vault', dataDir: at('vault/data'), keysDir: at('vault/keys'), medium: 'ssd' },
    ];
    await reopen({ replicas });
    expect(await states()).toEqual(['in-step', 'in-step', 'in-step', 'in-step']);
    expect((await keyring.destroy(['doomed'])).copies).toHaveLength(4);
  });

  it('given a page damaged in one copy: another copy answers', async () => {
    await keyring.close();
    const disk = fileDisk();
    for (let slot = 0; slot < 32; slot++) {
      await disk.write(join(options.dataDir, 'keyring', 'pages'), slot * 16_384 + 500, Buffer.from('damage'));
    }
    await disk.release(drawn.folder);
    keyring = await openFileKeyring(options);
    expect(await keyring.has(['stays'])).toEqual([true]);
    await keyring.make(['new']);
    await keyring.destroy(['doomed']);
    expect(await states()).toEqual(['in-step', 'in-step', 'in-step']);
  });
});

import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyringDamaged, KeyringExists, KeyringInUse, KeyringMissing } from '../errors.ts';
import { hasFileKeyring, makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

describe('the master key', () => {
  let drawn: Awaited<ReturnType<typeof drawFolder>>;
  const path = (): string => join(drawn.options.keysDir, 'master.key');
  const refusal = async (): Promise<{ fault: string; message: string }> => {
    const opened = await openFileKeyring(drawn.options).catch(
      (error: unknown) => error as { fault: string; message: string },
    );
    if (!('fault' in opened)) throw new Error('it was not refused');
    expect(opened.message).not.toContain('\n');
    return opened;
  };

  beforeEach(async () => {
    drawn = await drawFolder();
    const keyring = await makeFileKeyring(drawn.options);
    await keyring.make(['k']);
    await keyring.close();
  });
  afterEach(() => drawn.remove());

  it('missing: refused with what to do', async () => {
    await rm(path());
    const { fault, message } = await refusal();
    expect(fault).toBe('missing');
    expect(message).toContain('bring it back');
    await rm(drawn.options.keysDir, { recursive: true });
    expect((await refusal()).fault).toBe('missing');
  });

  it('corrupt: refused, whichever byte it is', async () => {
    const whole = await readFile(path());
    for (let i = 0; i < whole.length; i += 11) {
      const bytes = Buffer.from(whole);
      bytes[i] = (bytes[i] as number) ^ 1;
      await writeFile(path(), bytes);
      expect((await refusal()).fault).toBe('corrupt');
    }
    await writeFile(path(), whole.subarray(0, 40));
    expect((await refusal()).fault).toBe('corrupt');
  });

  it('readable by others, itself or its folder: refused', async () => {
    await chmod(path(), 0o640);
    expect(await refusal()).toMatchObject({ fault: 'readable', message: expect.stringContaining('chmod 600') });
    await chmod(path(), 0o600);
    await chmod(drawn.options.keysDir, 0o755);
    expect(await refusal()).toMatchObject({ fault: 'readable', message: expect.stringContaining('chmod 700') });
  });

  it('inside the data folder: refused', async () => {
    const keysDir = join(drawn.options.dataDir, 'keys');
    await mkdir(keysDir, { mode: 0o700 });
    await cp(path(), join(keysDir, 'master.key'));
    await expect(openFileKeyring({ ...drawn.options, keysDir })).rejects.toMatchObject({ fault: 'inside' });
    await expect(openFileKeyring({ ...drawn.options, keysDir: drawn.options.dataDir })).rejects.toThrow();
  });

  it('of another keyring: refused', async () => {
    const other = await drawFolder();
    await (await makeFileKeyring(other.options)).close();
    await cp(join(other.options.keysDir, 'master.key'), path());
    expect((await refusal()).fault).toBe('foreign');
    await other.remove();
  });

  it('of another day than the data: refused', async () => {
    await cp(drawn.options.dataDir, join(drawn.folder, 'older'), { recursive: true });
    const keyring = await openFileKeyring(drawn.options);
    await keyring.destroy(['k']);
    await keyring.close();
    await rm(drawn.options.dataDir, { recursive: true });
    await rename(join(drawn.folder, 'older'), drawn.options.dataDir);
    expect((await refusal()).fault).toBe('mismatch');
  });

  it('changes with every destruction', async () => {
    const before = await readFile(path());
    const keyring = await openFileKeyring(drawn.options);
    await keyring.make(['l']);
    expect(await readFile(path())).toEqual(before);
    await keyring.destroy(['k']);
    expect(await readFile(path())).not.toEqual(before);
    await keyring.close();
  });
});

describe('a keyring in a folder', () => {
  it('is opened by one at a time, and made only where there is none', async () => {
    const { options, remove } = await drawFolder();
    expect(await hasFileKeyring(options.dataDir)).toBe(false);
    await mkdir(options.dataDir, { recursive: true });
    await mkdir(options.keysDir, { recursive: true, mode: 0o700 });
    await expect(openFileKeyring(options)).rejects.toThrow(KeyringMissing);
    const keyring = await makeFileKeyring(options);
    expect(await hasFileKeyring(options.dataDir)).toBe(true);
    await expect(openFileKeyring(options)).rejects.toThrow(KeyringInUse);
    await keyring.close();
    await expect(makeFileKeyring(options)).rejects.toThrow(KeyringExists);
    await (await openFileKeyring(options)).close();
    await remove();
  });

  it('names damage and serves nothing of it', async () => {
    const { options, remove } = await drawFolder();
    const keyring = await makeFileKeyring(options);
    await keyring.make(['k']);
    await keyring.close();
    const pages = join(options.dataDir, 'keyring', 'pages');
    const whole = await readFile(pages);
    await writeFile(pages, Buffer.alloc(whole.length));
    await expect(openFileKeyring(options)).rejects.toThrow(KeyringDamaged);
    await writeFile(join(options.dataDir, 'keyring', 'root'), Buffer.alloc(32_768));
    await expect(openFileKeyring(options)).rejects.toThrow(KeyringDamaged);
    await remove();
  });
});

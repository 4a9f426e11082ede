import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

const CHILD = fileURLToPath(new URL('./kill9.child.ts', import.meta.url));

/** Undefined when the process was killed, else what it printed. */
async function destroyIn(dataDir: string, keysDir: string, step: number): Promise<string | undefined> {
  const args = ['--conditions=palmledger-src', CHILD, dataDir, keysDir, String(step)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return signal === 'SIGKILL' ? undefined : printed;
}

describe('a process that is killed with -9 while it destroys a key', () => {
  it('leaves, at every step, no lock and one tree that opens; and the destruction goes on', async () => {
    const template = await drawFolder();
    const first = await makeFileKeyring(template.options);
    await first.make(['doomed', 'stays']);
    const item = { key: 'stays', plaintext: Buffer.from('v'), context: 'c' };
    const [ciphertext] = (await first.seal([item])) as [Uint8Array];
    await first.close();

    const left = new Set<boolean>();
    let printed: string | undefined;
    for (let step = 0; printed === undefined; step++) {
      const { folder, options, remove } = await drawFolder();
      await cp(template.folder, folder, { recursive: true });
      printed = await destroyIn(options.dataDir, options.keysDir, step);
      const keyring = await openFileKeyring(options);
      left.add((await keyring.has(['doomed']))[0] as boolean);
      expect(await keyring.open([{ ...item, ciphertext }])).toEqual([Buffer.from('v')]);
      expect(await readdir(options.keysDir)).toEqual(['master.key']);
      expect((await keyring.destroy(['doomed'])).epoch).toBe(1);
      await keyring.close();
      await remove();
    }
    expect(printed).toBe('destroyed');
    expect(left).toEqual(new Set([true, false]));
    await template.remove();
  });
});

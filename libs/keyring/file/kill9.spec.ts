import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
    const { options, remove } = await drawFolder();
    const first = await makeFileKeyring(options);
    await first.make(['doomed', 'stays']);
    const item = { key: 'stays', plaintext: Buffer.from('v'), context: 'c' };
    const [ciphertext] = (await first.seal([item])) as [Uint8Array];
    await first.close();

    const seen: boolean[] = [];
    for (let step = 0; seen.at(-1) !== false; step++) {
      const printed = await destroyIn(options.dataDir, options.keysDir, step);
      expect(printed ?? '').toBe('');
      const keyring = await openFileKeyring(options);
      seen.push((await keyring.has(['doomed']))[0] as boolean);
      expect(await keyring.open([{ ...item, ciphertext }])).toEqual([Buffer.from('v')]);
      await keyring.close();
    }
    expect(seen.length).toBeGreaterThan(5);
    const keyring = await openFileKeyring(options);
    const { epoch } = await keyring.destroy(['doomed']);
    expect(epoch).toBe(1);
    await keyring.close();
    await remove();
  });
});

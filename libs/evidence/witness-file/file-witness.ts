import type { KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustExtend } from '../extends.ts';
import { verifyHead } from '../head.ts';
import type { Witness } from '../witness.ts';

/**
 * Keeps the last head in `<folder>/head.json` and every head, a line each, in `heads.jsonl`.
 * The folder should be somebody else's: another machine's share, another account's.
 */
export function fileWitness(folder: string, publicKey: KeyObject): Witness {
  const file = join(folder, 'head.json');
  let turn: Promise<unknown> = Promise.resolve();

  async function last(): Promise<string | undefined> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async function witness(signedHead: string, consistency: readonly Uint8Array[]): Promise<void> {
    const next = verifyHead(signedHead, publicKey);
    const before = await last();
    if (before === signedHead) return;
    if (before !== undefined) mustExtend(verifyHead(before, publicKey), next, consistency);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeSynced(join(folder, 'heads.jsonl'), 'a', `${signedHead}\n`);
    await replace(file, signedHead);
  }

  return {
    last,
    witness: (signedHead, consistency) => {
      const mine = turn.then(() => witness(signedHead, consistency));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** The old content or the new one, whenever the power goes. */
async function replace(file: string, text: string): Promise<void> {
  await writeSynced(`${file}.new`, 'w', text);
  await rename(`${file}.new`, file);
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

async function writeSynced(file: string, flags: 'a' | 'w', text: string): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

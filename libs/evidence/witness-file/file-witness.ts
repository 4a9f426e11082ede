import type { KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeadRefused } from '../errors.ts';
import { mustExtend } from '../extends.ts';
import { verifyHead } from '../head.ts';
import type { LossAccepted, Witness } from '../witness.ts';

/**
 * Keeps the last head in `<folder>/head.json` and every head, a line each, in `heads.jsonl`; where it began anew, a line says so.
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
    await keep(signedHead, `${signedHead}\n`);
  }

  async function beginAnew(signedHead: string, { by, at }: LossAccepted): Promise<void> {
    verifyHead(signedHead, publicKey);
    if (by[0] === '' || by[1] === '' || by[0] === by[1]) throw new HeadRefused('two admins accept a loss, not one');
    const lost = await last();
    await keep(signedHead, `${JSON.stringify({ begunAnew: { by, at, lost: lost ?? null } })}\n${signedHead}\n`);
  }

  async function keep(signedHead: string, lines: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeSynced(join(folder, 'heads.jsonl'), 'a', lines);
    await replace(file, signedHead);
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    last,
    witness: (signedHead, consistency) => inTurn(() => witness(signedHead, consistency)),
    beginAnew: (signedHead, accepted) => inTurn(() => beginAnew(signedHead, accepted)),
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

import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { LEDGER_FILE } from '#libs/ledger/embedded/backup.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '#libs/ledger/embedded/open.ts';

export type Found = 'data folder' | 'backup';

/** The ledger of a stopped data folder, or of a backup, which is opened as a copy: looking at it changes nothing of it. */
export async function withLedger<T>(
  folder: string,
  work: (ledger: EmbeddedLedger, found: Found) => Promise<T>,
): Promise<T> {
  if (existsSync(join(folder, 'ledger', LEDGER_FILE))) return opened(folder, 'data folder', work);
  if (!existsSync(join(folder, LEDGER_FILE))) throw new CannotDo(`${folder} is neither a data folder nor a backup`);
  const copy = await mkdtemp(join(tmpdir(), 'palmctl-'));
  try {
    await stage(folder, copy);
    return await opened(copy, 'backup', work);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** A backup's ledger where a data folder has its own. */
export async function stage(backup: string, dataDir: string): Promise<void> {
  await mkdir(join(dataDir, 'ledger'), { recursive: true, mode: 0o700 });
  await copyFile(join(backup, LEDGER_FILE), join(dataDir, 'ledger', LEDGER_FILE));
}

async function opened<T>(
  dir: string,
  found: Found,
  work: (ledger: EmbeddedLedger, found: Found) => Promise<T>,
): Promise<T> {
  const ledger = await openEmbeddedLedger({ dir });
  try {
    return await work(ledger, found);
  } finally {
    await ledger.close();
  }
}

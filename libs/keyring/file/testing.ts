import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopyPlace } from './copy.ts';
import type { FileKeyringOptions } from './open.ts';

/** A folder for a test, and the settings of a keyring with so many replicas in it. */
export async function drawFolder(
  replicas = 0,
): Promise<{ folder: string; options: FileKeyringOptions; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'keyring-'));
  const copies = Array.from({ length: replicas }, (_, i): CopyPlace => {
    const name = `replica-${i + 1}`;
    return { name, dataDir: join(folder, name, 'data'), keysDir: join(folder, name, 'keys'), medium: 'disk' };
  });
  const options = { dataDir: join(folder, 'main', 'data'), keysDir: join(folder, 'main', 'keys'), replicas: copies };
  return { folder, options, remove: () => rm(folder, { recursive: true, force: true }) };
}

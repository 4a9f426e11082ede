import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#libs/runtime/clock.ts';
import type { Carrier } from '../port.ts';

/**
 * Carries messages into a folder that stands for the outside world: one JSON file each, named by the message's id, so that a
 * repeat replaces it by the same. It is there whole or not at all.
 */
export async function folderCarrier(folder: string, clock: Clock): Promise<Carrier> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return async (message) => {
    const file = join(folder, `${message.id}.json`);
    const text = JSON.stringify({ ...message, sentAt: clock.now().toISOString() }, undefined, 2);
    await writeDurably(`${file}.part`, text);
    await rename(`${file}.part`, file);
    await syncFolder(folder);
  };
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

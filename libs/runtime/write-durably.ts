import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A small file, whole or not at all: written beside, synced, renamed, and its folder synced. Only its owner may read it. */
export function writeDurably(path: string, bytes: Uint8Array): void {
  const half = `${path}.new`;
  const file = openSync(half, 'w', 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(half, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

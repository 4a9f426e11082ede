import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './write-durably.ts';
import { PURPOSES, type FolderPurpose } from './settings.ts';

/** What a data folder says of itself. */
export interface Folder {
  readonly purpose: FolderPurpose;
  readonly madeAt: string;
  /** This start made it. */
  readonly fresh: boolean;
}

/** One line that says what to do. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused';
}

const FORMAT = 1;

/**
 * Opens a data folder, or makes it for a purpose. A folder keeps its purpose for good: a clock that may be moved must never
 * find its way into one that is live.
 */
export function openFolder(dataDir: string, purpose: FolderPurpose, now: Date): Folder {
  const path = join(dataDir, 'folder.json');
  if (existsSync(path)) return known(path, dataDir, purpose);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (readdirSync(dataDir).length > 0) {
    throw new FolderRefused(`${dataDir} is not empty and is no data folder of PalmLedger; name another one`);
  }
  const madeAt = now.toISOString();
  writeDurably(path, Buffer.from(`${JSON.stringify({ format: FORMAT, purpose, madeAt })}\n`));
  return { purpose, madeAt, fresh: true };
}

function known(path: string, dataDir: string, wished: FolderPurpose): Folder {
  const said = parsed(path);
  if (said?.format !== FORMAT || !PURPOSES.some((one) => one === said.purpose)) {
    throw new FolderRefused(`${path} is damaged or of another version; restore it from a backup`);
  }
  if (said.purpose !== wished) {
    throw new FolderRefused(
      `${dataDir} was made for ${said.purpose}, not ${wished}; set PALMLEDGER_PURPOSE or name another folder`,
    );
  }
  return { purpose: said.purpose, madeAt: said.madeAt, fresh: false };
}

function parsed(path: string): { format: number; purpose: FolderPurpose; madeAt: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { format: number; purpose: FolderPurpose; madeAt: string };
  } catch {
    return undefined;
  }
}

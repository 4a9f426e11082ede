import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLedger, type EmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { openTreeFile, type Tree } from './tree-file.ts';

export const AT = '2026-11-24T15:00:00.000Z';

/** A ledger with gaps in its positions, a tree beside it, and a key, for a test. */
export interface LogUnderTest {
  readonly folder: string;
  readonly treeFile: string;
  readonly ledger: EmbeddedLedger;
  readonly tree: Tree;
  end(): Promise<void>;
}

export async function aLog(): Promise<LogUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  const treeFile = join(folder, 'evidence', 'tree');
  const ledger = await openEmbeddedLedger({ dir: folder, positionStep: 3 });
  const tree = openTreeFile(treeFile);
  const end = async (): Promise<void> => {
    tree.close();
    await ledger.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, treeFile, ledger, tree, end };
}

export function aKey() {
  return generateKeyPairSync('ed25519');
}

/** Positions of all the bytes that are changed in turn, each to something else. */
export function* eachByteMutated(bytes: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at++)
    for (const change of [0x01, 0x20, 0x80]) {
      const mutated = Buffer.from(bytes);
      mutated[at]! ^= change;
      yield mutated;
    }
}

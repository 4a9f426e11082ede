import { setImmediate } from 'node:timers/promises';
import type { LeafLog } from '#libs/ledger/port.ts';
import { TreeDamaged } from './errors.ts';
import type { Tree } from './tree-file.ts';

const PAGE = 1000;

/** Leaves in the tree, and in the ledger. */
export type OnLeaves = (done: bigint, of: bigint) => void;

/** Brings the tree up to the ledger's end. Throws `TreeDamaged` where its last leaf is not the ledger's, or the ledger has lost leaves. */
export async function catchUp(
  tree: Tree,
  log: Pick<LeafLog, 'leaves' | 'size'>,
  onLeaves: OnLeaves = () => {},
): Promise<void> {
  await checkEnd(tree, log);
  for (;;) {
    const leaves = await log.leaves(tree.size(), PAGE);
    if (leaves.length === 0) return;
    tree.append(leaves.map(({ hash }) => hash));
    onLeaves(tree.size(), await log.size());
    // Others have their turn.
    await setImmediate();
  }
}

/** Fills the tree anew from the ledger. */
export async function rebuild(
  tree: Tree,
  log: Pick<LeafLog, 'leaves' | 'size'>,
  onLeaves: OnLeaves = () => {},
): Promise<void> {
  tree.clear();
  await catchUp(tree, log, onLeaves);
}

async function checkEnd(tree: Tree, log: Pick<LeafLog, 'leaves'>): Promise<void> {
  const size = tree.size();
  if (size === 0n) return;
  const [last] = await log.leaves(size - 1n, 1);
  if (last === undefined) throw new TreeDamaged(`it has ${size} leaves, the ledger has fewer`);
  if (!tree.leaf(size - 1n).equals(last.hash)) throw new TreeDamaged(`leaf ${size - 1n} is not the ledger's`);
}

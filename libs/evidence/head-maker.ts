import type { LeafLog } from '#libs/ledger/port.ts';
import { catchUp } from './catch-up.ts';
import { TreeDamaged } from './errors.ts';
import { treeHead, type TreeHead } from './head.ts';
import { verifyConsistency } from './merkle.ts';
import { mapPages, prunedDigest } from './pruned-digest.ts';
import { prunedIndexes } from './pruned-indexes.ts';
import type { Tree } from './tree-file.ts';

/**
 * `last`: the last head that was signed, and verified, if any. Throws `TreeDamaged` where the log does not begin with its log,
 * be it the tree (then rebuild it) or the ledger.
 */
export type HeadMaker = (at: string, last?: TreeHead) => Promise<TreeHead>;

/** Makes heads of a log as it is now, unsigned. Each brings the tree up to the ledger's end first. */
export function headMaker(tree: Tree, log: LeafLog): HeadMaker {
  let known: { count: bigint; treeSize: bigint; digest: Buffer } | undefined;

  /** Read again only where leaves were pruned since, or the map has grown by a page. */
  async function pruned(treeSize: bigint): Promise<Buffer> {
    const count = await log.prunedCount();
    if (known?.count === count && mapPages(known.treeSize) === mapPages(treeSize)) return known.digest;
    let beyond = false;
    const seen = async function* () {
      for await (const index of prunedIndexes(log)) {
        beyond ||= index >= treeSize;
        yield index;
      }
    };
    const digest = await prunedDigest(treeSize, seen());
    known = beyond || (await log.prunedCount()) !== count ? undefined : { count, treeSize, digest };
    return digest;
  }

  return async (at, last) => {
    await catchUp(tree, log);
    const treeSize = tree.size();
    if (last !== undefined) checkExtends(tree, last, treeSize);
    const [end] = treeSize === 0n ? [] : await log.leaves(treeSize - 1n, 1);
    const position = end?.position ?? 0n;
    return treeHead({ treeSize, root: tree.root(treeSize), position, pruned: await pruned(treeSize), at });
  };
}

function checkExtends(tree: Tree, last: TreeHead, treeSize: bigint): void {
  const first = BigInt(last.treeSize);
  if (first > treeSize) throw new TreeDamaged(`it has ${treeSize} leaves, the last head has ${first}`);
  const proof = tree.consistencyProof(first, treeSize);
  const root = Buffer.from(last.root, 'base64url');
  if (!verifyConsistency(first, treeSize, root, tree.root(treeSize), proof))
    throw new TreeDamaged('it does not begin with the log of the last head');
}

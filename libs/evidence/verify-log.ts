import { setImmediate } from 'node:timers/promises';
import type { Leaf, LeafLog, Ledger } from '#libs/ledger/port.ts';
import { EvidenceInvalid } from './errors.ts';
import { growingRoot } from './growing-root.ts';
import { base64url, type TreeHead } from './head.ts';
import { prunedDigest } from './pruned-digest.ts';

const PAGE = 500;

/**
 * Reads the whole ledger against a head that was verified before: its leaves must have the head's root, each record must be the one of its leaf,
 * and the leaves without a record must be just those that the head signs as pruned (so take the newest head: prunings after it do not fit).
 * Throws `EvidenceInvalid`, or the ledger's `LedgerDamaged`.
 */
export async function verifyLog(
  ledger: Pick<Ledger, 'readAll'>,
  log: Pick<LeafLog, 'leaves'>,
  head: TreeHead,
): Promise<void> {
  const treeSize = BigInt(head.treeSize);
  const root = growingRoot();
  const pruned: bigint[] = [];
  let records = new Map<bigint, Uint8Array>();
  let readTo = 0n;
  for (let from = 0n; from < treeSize;) {
    const leaves = (await log.leaves(from, PAGE)).filter(({ index }) => index < treeSize);
    if (leaves.length === 0) throw new EvidenceInvalid(`the ledger has ${from} leaves, the head has ${treeSize}`);
    const last = leaves.at(-1)!;
    [records, readTo] = await readRecords(ledger, records, readTo, last.position);
    for (const leaf of leaves) {
      root.add(leaf.hash);
      if (isWithoutRecord(leaf, records)) pruned.push(leaf.index);
      records.delete(leaf.position);
    }
    from = last.index + 1n;
    // Others have their turn.
    await setImmediate();
  }
  if (base64url(root.root()) !== head.root)
    throw new EvidenceInvalid('the root over the leaves is not the one of the head');
  if (base64url(await prunedDigest(treeSize, pruned)) !== head.pruned)
    throw new EvidenceInvalid('the leaves without records are not those that were pruned');
}

function isWithoutRecord(leaf: Leaf, records: ReadonlyMap<bigint, Uint8Array>): boolean {
  const record = records.get(leaf.position);
  if (record === undefined) return true;
  if (Buffer.compare(record, leaf.hash) !== 0) throw new EvidenceInvalid(`the record at position ${leaf.position}`);
  return false;
}

/** Leaf hashes of the records up to a position, by position. */
async function readRecords(
  ledger: Pick<Ledger, 'readAll'>,
  records: Map<bigint, Uint8Array>,
  after: bigint,
  upTo: bigint,
): Promise<[Map<bigint, Uint8Array>, bigint]> {
  let readTo = after;
  while (readTo < upTo) {
    const page = await ledger.readAll({ after: readTo, limit: PAGE });
    for (const { position, leaf } of page.records) records.set(position, leaf);
    if (page.next === readTo) break;
    readTo = page.next;
  }
  return [records, readTo];
}

import { setTimeout } from 'node:timers/promises';
import type { Leaf, LeafLog, Ledger } from '#libs/ledger/port.ts';
import type { OnLeaves } from './catch-up.ts';
import { EvidenceInvalid } from './errors.ts';
import { growingRoot } from './growing-root.ts';
import { base64url, type TreeHead } from './head.ts';
import { prunedDigest } from './pruned-digest.ts';

export interface VerifyOptions {
  readonly onLeaves?: OnLeaves;
  readonly signal?: AbortSignal;
  /** Records read at once (500), and milliseconds that others have between two pages (0). */
  readonly page?: number;
  readonly pauseMs?: number;
}

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
  options: VerifyOptions = {},
): Promise<void> {
  const pruned = await verifyLeaves(ledger, log, head, options);
  if (base64url(await prunedDigest(BigInt(head.treeSize), pruned)) !== head.pruned)
    throw new EvidenceInvalid('the leaves without records are not those that were pruned');
}

/**
 * The same while streams may be pruned meanwhile: answers with the leaves that had no record when it came by, rising.
 * Rejects with the signal's reason where that aborts.
 */
export async function verifyLeaves(
  ledger: Pick<Ledger, 'readAll'>,
  log: Pick<LeafLog, 'leaves'>,
  head: TreeHead,
  { onLeaves, signal, page = PAGE, pauseMs = 0 }: VerifyOptions = {},
): Promise<bigint[]> {
  const treeSize = BigInt(head.treeSize);
  const root = growingRoot();
  const pruned: bigint[] = [];
  let records = new Map<bigint, Uint8Array>();
  let readTo = 0n;
  for (let from = 0n; from < treeSize;) {
    const leaves = (await log.leaves(from, page)).filter(({ index }) => index < treeSize);
    if (leaves.length === 0) throw new EvidenceInvalid(`the ledger has ${from} leaves, the head has ${treeSize}`);
    const last = leaves.at(-1)!;
    [records, readTo] = await readRecords(ledger, records, readTo, last.position, page);
    for (const leaf of leaves) {
      root.add(leaf.hash);
      if (isWithoutRecord(leaf, records)) pruned.push(leaf.index);
      records.delete(leaf.position);
    }
    from = last.index + 1n;
    onLeaves?.(from, treeSize);
    signal?.throwIfAborted();
    // Others have their turn.
    await setTimeout(pauseMs);
  }
  if (base64url(root.root()) !== head.root)
    throw new EvidenceInvalid('the root over the leaves is not the one of the head');
  return pruned;
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
  limit: number,
): Promise<[Map<bigint, Uint8Array>, bigint]> {
  let readTo = after;
  while (readTo < upTo) {
    const page = await ledger.readAll({ after: readTo, limit });
    for (const { position, leaf } of page.records) records.set(position, leaf);
    if (page.next === readTo) break;
    readTo = page.next;
  }
  return [records, readTo];
}

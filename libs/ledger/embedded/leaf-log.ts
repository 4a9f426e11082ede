import type { Database as Connection } from 'better-sqlite3';
import { LedgerDamaged } from '../errors.ts';
import type { Leaf, LeafLog } from '../port.ts';
import { positionStepOf } from './schema.ts';
import { naming } from './sqlite-errors.ts';
import { uuidBytes } from './uuid.ts';

const MOST_LEAVES = 10_000;
const LEAF_BYTES = 32;

/** The leaves in the ledger's order: those of records, and between them those of pruned records. */
export function leafLogOf(db: Connection, head: () => number): LeafLog {
  const step = positionStepOf(db);
  const ofRecords = db
    .prepare<[number, number], [number, Buffer]>(
      'SELECT position, leaf FROM records WHERE position > ? ORDER BY position LIMIT ?',
    )
    .raw();
  const ofPruned = db
    .prepare<[number, number], [number, Buffer]>(
      'SELECT position, leaf FROM pruned_leaves WHERE position > ? AND position <= ? ORDER BY position',
    )
    .raw();
  const records = db
    .prepare<[string], [number, Buffer]>(
      'SELECT position, id FROM records WHERE stream = (SELECT id FROM streams WHERE name = ?)',
    )
    .raw();
  const pruned = db
    .prepare<[number, number], number>(
      'SELECT position FROM pruned_leaves WHERE position > ? ORDER BY position LIMIT ?',
    )
    .pluck();
  const prunedCount = db.prepare<[], number>(`SELECT value FROM meta WHERE name = 'pruned leaves'`).pluck();
  const both = db.transaction((after: number, limit: number) => {
    const end = Math.min(after + limit * step, head());
    return [...ofRecords.all(after, limit).filter(([position]) => position <= end), ...ofPruned.all(after, end)];
  });

  const indexOf = (position: number): bigint => BigInt(position / step - 1);

  function leaves(from: bigint, limit: number): Leaf[] {
    const after = Number(from) * step;
    const found = both(after, bounded(limit)).sort(([a], [b]) => a - b);
    return found.map(([position, hash], place) => {
      const expected = after + (place + 1) * step;
      if (position !== expected || !Buffer.isBuffer(hash) || hash.length !== LEAF_BYTES)
        throw new LedgerDamaged(BigInt(expected), 'its leaf is missing');
      return { index: indexOf(position), position: BigInt(position), hash };
    });
  }

  function leafIndexOf(stream: string, id: string): bigint | undefined {
    const wanted = uuidBytes(id);
    for (const [position, stored] of records.iterate(stream)) if (wanted.equals(stored)) return indexOf(position);
    return undefined;
  }

  return {
    size: async () => BigInt(naming(head) / step),
    leaves: async (from, limit) => naming(() => leaves(from, limit)),
    leafIndexOf: async (stream, id) => naming(() => leafIndexOf(stream, id)),
    prunedCount: async () => BigInt(naming(() => prunedCount.get()!)),
    prunedLeaves: async (from, limit) =>
      naming(() => pruned.all(Number(from) * step, bounded(limit)).map((position) => indexOf(position))),
  };
}

function bounded(limit: number): number {
  return Math.max(1, Math.min(limit, MOST_LEAVES));
}

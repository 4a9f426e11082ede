import type { Hand } from '#libs/domain/values.ts';
import { type Best, newBest, offer } from './best.ts';
import { type Block, BLOCK_ROWS, ID_BYTES, INTERLEAVED, newBlocks, NO_ENTRY } from './blocks.ts';
import { CODE_BYTES, fuse } from '../palm/compare.ts';
import type { Signature } from '../palm/port.ts';
import type { IndexEntry, ModelShape } from './entry.ts';
import { hashOf, newOwners } from './owners.ts';
import { quantiseQuery, quantiseRow } from './quantise.ts';
import { readId, writeId } from './id-column.ts';
import { type Slice, slicesOf } from './slices.ts';
import { readStripes, writeStripes } from './stripes.ts';

/** Sums in f32 differ from the true ones by less than this; the floor is lowered by it, so rounding never costs a row. */
const ROUNDING = 1e-5;

/** A row that a search found. Its views lie in the index's memory: use them at once, never keep them. */
export interface Found {
  readonly oneId: string;
  readonly palm: string;
  readonly hand: Hand;
  /** Cosine of the two vectors, in f32. */
  readonly similarity: number;
  /** `codeScore` of the two codes, in f32; only where they are of the length that the kernel knows. */
  readonly codeScore?: number;
  readonly signature: Signature;
}

/** All palms of one model version. Entries have been checked by whoever calls. */
export interface Shard {
  readonly shape: ModelShape;
  readonly count: () => number;
  readonly bytes: () => number;
  readonly has: (oneId: string, palm: string) => boolean;
  readonly put: (entry: IndexEntry) => 'added' | 'replaced';
  readonly remove: (oneId: string, palm: string) => boolean;
  readonly removeOneId: (oneId: string) => number;
  /** The `few` most similar palms, exactly, best first; of these the `told` best by vector and code together. */
  readonly nearest: (
    probe: Pick<Signature, 'vector' | 'code'>,
    few: number,
    told?: number,
    excludeOneId?: string,
  ) => Found[];
}

export function newShard(shape: ModelShape, module: WebAssembly.Module): Shard {
  const blocks = newBlocks(shape, module);
  const { layout } = blocks;
  const owners = newOwners((row) => hashOf(oneIdOf(row)));
  /** One row's quantised bytes on their way in or out of their stripes. */
  const quantised = new Uint8Array(layout.dim);
  let count = 0;

  const blockOf = (row: number): Block => blocks.list[Math.floor(row / BLOCK_ROWS)]!;
  const oneIdOf = (row: number): string => readId(blockOf(row), layout.oneIds, row % BLOCK_ROWS);
  const palmOf = (row: number): string => readId(blockOf(row), layout.palms, row % BLOCK_ROWS);
  const rowsOf = (oneId: string): number[] => owners.rowsOf(hashOf(oneId)).filter((row) => oneIdOf(row) === oneId);
  const rowOf = (oneId: string, palm: string): number | undefined => rowsOf(oneId).find((row) => palmOf(row) === palm);

  const rowsAt = (block: Block): number => block.base + layout.rows;

  /** Each column's bytes of one row but the quantised ones, which lie in stripes: [offset in the bank, length]. */
  const columnsOf = (row: number): (readonly [number, number])[] => {
    const { base } = blockOf(row);
    const at = row % BLOCK_ROWS;
    return [
      [base + layout.vectors + at * layout.dim * 4, layout.dim * 4],
      [base + layout.scales + at * 4, 4],
      [base + layout.errors + at * 4, 4],
      [base + layout.oneIds + at * ID_BYTES, ID_BYTES],
      [base + layout.palms + at * ID_BYTES, ID_BYTES],
      [base + layout.hands + at, 1],
      [base + layout.codes + at * layout.codeBytes, layout.codeBytes],
    ];
  };

  const wipe = (row: number): void => {
    const block = blockOf(row);
    const { bank, base } = block;
    for (const [from, length] of columnsOf(row)) bank.u8.fill(0, from, from + length);
    writeStripes(bank.u8, rowsAt(block), row % BLOCK_ROWS, quantised.fill(0));
    bank.f32[(base + layout.errors) / 4 + (row % BLOCK_ROWS)] = NO_ENTRY;
  };

  const move = (from: number, to: number): void => {
    const source = blockOf(from).bank.u8;
    const target = blockOf(to).bank.u8;
    const into = columnsOf(to);
    columnsOf(from).forEach(([at, length], column) => target.set(source.subarray(at, at + length), into[column]![0]));
    readStripes(source, rowsAt(blockOf(from)), from % BLOCK_ROWS, quantised);
    writeStripes(target, rowsAt(blockOf(to)), to % BLOCK_ROWS, quantised);
    quantised.fill(0);
  };

  const write = (row: number, entry: IndexEntry): void => {
    const block = blockOf(row);
    const { bank, base } = block;
    const at = row % BLOCK_ROWS;
    const { vector, code } = entry.signature;
    const { scale, error } = quantiseRow(vector, quantised);
    writeStripes(bank.u8, rowsAt(block), at, quantised);
    quantised.fill(0);
    bank.f32.set(vector, (base + layout.vectors) / 4 + at * layout.dim);
    bank.f32[(base + layout.scales) / 4 + at] = scale;
    bank.f32[(base + layout.errors) / 4 + at] = error;
    bank.u8[base + layout.hands + at] = entry.hand === 'left' ? 1 : 2;
    bank.u8.set(code, base + layout.codes + at * layout.codeBytes);
    writeId(bank.u8, base + layout.oneIds + at * ID_BYTES, entry.oneId);
    writeId(bank.u8, base + layout.palms + at * ID_BYTES, entry.palm);
  };

  /** The last row takes the place of the one that goes, and its own place is overwritten: no hole, no trace. */
  const drop = (row: number): void => {
    const last = count - 1;
    owners.unlink(hashOf(oneIdOf(row)), row);
    if (row !== last) {
      const hash = hashOf(oneIdOf(last));
      owners.unlink(hash, last);
      move(last, row);
      owners.link(hash, row);
    }
    wipe(last);
    count--;
  };

  const codeScoreOf = (row: number, code: Uint8Array): number => {
    const { bank, base } = blockOf(row);
    const { scratch } = layout;
    bank.u8.set(code, scratch.code);
    bank.i32[scratch.list / 4] = row % BLOCK_ROWS;
    bank.kernel.codes(scratch.list, 1, base + layout.codes, scratch.code, scratch.scores);
    return 1 - bank.f32[scratch.scores / 4]!;
  };

  /** Where the code is one that the kernel compares, it decides who is told; else everybody is. */
  const finest = (best: Best, code: Uint8Array, told: number): Ranked[] => {
    const ranked = Array.from({ length: best.count }, (_, i): Ranked => {
      const [row, similarity] = [best.rows[i]!, best.scores[i]!];
      if (layout.codeBytes !== CODE_BYTES) return { row, similarity };
      return { row, similarity, codeScore: codeScoreOf(row, code) };
    });
    if (layout.codeBytes !== CODE_BYTES || told >= ranked.length) return ranked;
    return ranked.sort((a, b) => fuse(b.similarity, b.codeScore!) - fuse(a.similarity, a.codeScore!)).slice(0, told);
  };

  const foundAt = (row: number, similarity: number, codeScore: number | undefined): Found => {
    const { bank, base } = blockOf(row);
    const at = row % BLOCK_ROWS;
    const vectorAt = (base + layout.vectors) / 4 + at * layout.dim;
    const codeAt = base + layout.codes + at * layout.codeBytes;
    return {
      oneId: oneIdOf(row),
      palm: palmOf(row),
      hand: bank.u8[base + layout.hands + at] === 1 ? 'left' : 'right',
      similarity,
      ...(codeScore === undefined ? {} : { codeScore }),
      signature: {
        modelVersion: shape.modelVersion,
        vector: bank.f32.subarray(vectorAt, vectorAt + shape.dimensions),
        code: bank.u8.subarray(codeAt, codeAt + layout.codeBytes),
      },
    };
  };

  const scanSlice = (
    block: Block,
    first: number,
    slice: Slice,
    query: Query,
    best: Best,
    excluded: ReadonlySet<number>,
  ): void => {
    const { bank, base } = block;
    const { scratch, dim } = layout;
    const rows = Math.ceil(slice.rows / INTERLEAVED) * INTERLEAVED;
    const found = bank.kernel.scan(
      rowsAt(block) + slice.from * dim,
      base + layout.scales + slice.from * 4,
      base + layout.errors + slice.from * 4,
      rows,
      dim,
      scratch.query,
      query.offset,
      query.scale,
      query.error,
      best.floor - ROUNDING,
      scratch.list,
    );
    if (found === 0) return;
    const vectors = base + layout.vectors + slice.from * dim * 4;
    bank.kernel.rescore(scratch.list, found, vectors, dim, scratch.vector, scratch.scores);
    for (let i = 0; i < found; i++) {
      const row = first + slice.from + bank.i32[scratch.list / 4 + i]!;
      if (!excluded.has(row)) offer(best, row, bank.f32[scratch.scores / 4 + i]!);
    }
  };

  return {
    shape,
    count: () => count,
    bytes: () => blocks.banks.reduce((sum, bank) => sum + bank.u8.length, 0) + owners.bytes(),
    has: (oneId, palm) => rowOf(oneId, palm) !== undefined,
    put: (entry) => {
      const held = rowOf(entry.oneId, entry.palm);
      if (held !== undefined) {
        write(held, entry);
        return 'replaced';
      }
      if (count === blocks.list.length * BLOCK_ROWS) blocks.grow();
      write(count, entry);
      owners.link(hashOf(entry.oneId), count);
      count++;
      return 'added';
    },
    remove: (oneId, palm) => {
      const row = rowOf(oneId, palm);
      if (row === undefined) return false;
      drop(row);
      return true;
    },
    removeOneId: (oneId) => {
      let removed = 0;
      // Each drop may move another of this One ID's rows: look again.
      for (let rows = rowsOf(oneId); rows.length > 0; rows = rowsOf(oneId)) {
        drop(rows[0]!);
        removed++;
      }
      return removed;
    },
    nearest: ({ vector, code }, few, told = few, excludeOneId) => {
      const best = newBest(few);
      const excluded = new Set(excludeOneId === undefined ? [] : rowsOf(excludeOneId));
      const queries = new Map(blocks.banks.map((bank) => [bank, writeQuery(bank.i8, bank.f32, vector, layout)]));
      blocks.list.forEach((block, at) => {
        const first = at * BLOCK_ROWS;
        const query = queries.get(block.bank)!;
        for (const slice of slicesOf(at, Math.min(BLOCK_ROWS, count - first))) {
          scanSlice(block, first, slice, query, best, excluded);
        }
      });
      const found = finest(best, code, told).map(({ row, similarity, codeScore }) =>
        foundAt(row, similarity, codeScore),
      );
      for (const { u8 } of blocks.banks) u8.fill(0, 0, layout.scratch.bytes);
      return found;
    },
  };
}

type Query = ReturnType<typeof quantiseQuery>;

interface Ranked {
  readonly row: number;
  readonly similarity: number;
  readonly codeScore?: number;
}

function writeQuery(
  i8: Int8Array,
  f32: Float32Array,
  vector: Float32Array,
  { dim, scratch }: { dim: number; scratch: { query: number; vector: number } },
): Query {
  f32.fill(0, scratch.vector / 4, scratch.vector / 4 + dim);
  f32.set(vector, scratch.vector / 4);
  return quantiseQuery(vector, i8.subarray(scratch.query, scratch.query + dim));
}

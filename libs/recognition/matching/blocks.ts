import type { ModelShape } from './entry.ts';
import { type Kernel, newKernel } from './kernel.ts';

/** Palms in a block. A multiple of `INTERLEAVED`. */
export const BLOCK_ROWS = 1024;
/** Rows whose bytes lie interleaved, `STRIPE` of each in turn: what the kernel scans at once. */
export const INTERLEAVED = 8;
export const STRIPE = 16;
/** Bytes that hold a One ID or a palm reference: its length, then its characters. */
export const ID_BYTES = 32;
const PAGE = 65536;
/** A memory is left for a new one here, well below where addresses would need their sign bit. */
const MEMORY_PAGES = 16384;
/** The error of a row without an entry: its upper limit reaches no floor. */
export const NO_ENTRY = -1e30;

/** A WebAssembly memory that holds blocks. Its views are made anew when it grows: never keep them. */
export interface Bank {
  readonly kernel: Kernel;
  readonly u8: Uint8Array<ArrayBuffer>;
  readonly i8: Int8Array<ArrayBuffer>;
  readonly i32: Int32Array<ArrayBuffer>;
  readonly f32: Float32Array<ArrayBuffer>;
}

/** `base`: the block's first byte in its bank. */
export interface Block {
  readonly bank: Bank;
  readonly base: number;
}

/** Where a block's columns begin, from its base, and where a bank's scratch lies, from 0. All in bytes. */
export interface Layout {
  /** Dimensions, padded with zeros to a multiple of 16, which both loops of the kernel take at a time. */
  readonly dim: number;
  readonly codeBytes: number;
  readonly rows: number;
  readonly vectors: number;
  readonly scales: number;
  readonly errors: number;
  readonly oneIds: number;
  readonly palms: number;
  readonly hands: number;
  readonly codes: number;
  readonly pages: number;
  readonly scratch: {
    readonly vector: number;
    readonly query: number;
    readonly list: number;
    readonly scores: number;
    readonly code: number;
    readonly bytes: number;
  };
  readonly scratchPages: number;
}

export function layoutOf(shape: ModelShape): Layout {
  const dim = Math.ceil(shape.dimensions / 16) * 16;
  const vectors = BLOCK_ROWS * dim;
  const scales = vectors + BLOCK_ROWS * dim * 4;
  const errors = scales + BLOCK_ROWS * 4;
  const oneIds = errors + BLOCK_ROWS * 4;
  const palms = oneIds + BLOCK_ROWS * ID_BYTES;
  const hands = palms + BLOCK_ROWS * ID_BYTES;
  const codes = hands + BLOCK_ROWS;
  const query = dim * 4;
  const list = query + dim;
  const scores = list + BLOCK_ROWS * 4;
  const code = scores + BLOCK_ROWS * 4;
  const bytes = code + Math.ceil(shape.codeBytes / 16) * 16;
  return {
    dim,
    codeBytes: shape.codeBytes,
    rows: 0,
    vectors,
    scales,
    errors,
    oneIds,
    palms,
    hands,
    codes,
    // The kernel reads up to 16 bytes past a code (and masks them away).
    pages: Math.ceil((codes + BLOCK_ROWS * shape.codeBytes + 16) / PAGE),
    scratch: { vector: 0, query, list, scores, code, bytes },
    scratchPages: Math.ceil(bytes / PAGE),
  };
}

/** Rows of one model version in blocks of 1,024, in as few memories as hold them. Growing copies nothing. */
export interface Blocks {
  readonly layout: Layout;
  readonly list: readonly Block[];
  readonly banks: readonly Bank[];
  readonly grow: () => void;
}

export function newBlocks(shape: ModelShape, module: WebAssembly.Module): Blocks {
  const layout = layoutOf(shape);
  const banks: Bank[] = [];
  const list: Block[] = [];
  return {
    layout,
    list,
    banks,
    grow: () => {
      let bank = banks.at(-1);
      if (bank === undefined || bank.u8.length / PAGE + layout.pages > MEMORY_PAGES) {
        bank = newBank(module, layout);
        banks.push(bank);
      }
      const base = bank.kernel.memory.grow(layout.pages) * PAGE;
      Object.assign(bank, viewsOf(bank.kernel));
      bank.f32.fill(NO_ENTRY, (base + layout.errors) / 4, (base + layout.errors) / 4 + BLOCK_ROWS);
      list.push({ bank, base });
    },
  };
}

function newBank(module: WebAssembly.Module, layout: Layout): Bank {
  const kernel = newKernel(module);
  kernel.memory.grow(layout.scratchPages - 1);
  return { kernel, ...viewsOf(kernel) };
}

function viewsOf(kernel: Kernel): Omit<Bank, 'kernel'> {
  const buffer = kernel.memory.buffer;
  return {
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
  };
}

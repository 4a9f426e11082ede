import { plainKernel, relaxedKernel } from './generated/kernel.ts';

/** One WebAssembly memory with the scan over it. Addresses are byte offsets into `memory`. See kernel.wat for the bound. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly scan: (
    rows: number,
    scales: number,
    errors: number,
    count: number,
    dim: number,
    query: number,
    offset: number,
    queryScale: number,
    queryError: number,
    floor: number,
    out: number,
  ) => number;
  readonly rescore: (list: number, count: number, vectors: number, dim: number, query: number, out: number) => void;
  readonly codes: (list: number, count: number, codes: number, query: number, out: number) => void;
}

export type KernelKind = 'relaxed' | 'plain';

/** The relaxed dot product where this engine has it, else plain SIMD. */
export function bestKernelKind(): KernelKind {
  return WebAssembly.validate(bytesOf(relaxedKernel)) ? 'relaxed' : 'plain';
}

export function compileKernel(kind: KernelKind = bestKernelKind()): WebAssembly.Module {
  return new WebAssembly.Module(bytesOf(kind === 'relaxed' ? relaxedKernel : plainKernel));
}

export function newKernel(module: WebAssembly.Module): Kernel {
  return new WebAssembly.Instance(module).exports as unknown as Kernel;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

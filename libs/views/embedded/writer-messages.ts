import type { GenerationWriter } from './generation-writer.ts';

export interface Request {
  readonly id: number;
  readonly call: keyof GenerationWriter;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly code: string };
}

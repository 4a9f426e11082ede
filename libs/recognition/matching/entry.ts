import type { Hand } from '#libs/domain/values.ts';
import type { Signature } from '../palm/port.ts';
import { MatchingRefused } from './refused.ts';

export interface IndexEntry {
  readonly oneId: string;
  /** The palm's reference, unique within its One ID. */
  readonly palm: string;
  readonly hand: Hand;
  readonly signature: Signature;
}

/** The lengths of one model version's signatures. */
export interface ModelShape {
  readonly modelVersion: string;
  readonly dimensions: number;
  readonly codeBytes: number;
}

/** Longest One ID or palm reference, in ASCII characters. */
export const LONGEST_ID = 31;
/** How far a vector's squared length may be from 1. */
const UNIT_TOLERANCE = 1e-3;

export function checkSignature(signature: Signature, shape: ModelShape): void {
  if (signature.vector.length !== shape.dimensions) throw new MatchingRefused('vector-wrong-length');
  if (signature.code.length !== shape.codeBytes) throw new MatchingRefused('code-wrong-length');
  let squared = 0;
  for (const component of signature.vector) squared += component * component;
  if (!Number.isFinite(squared)) throw new MatchingRefused('vector-not-finite');
  if (Math.abs(squared - 1) > UNIT_TOLERANCE) throw new MatchingRefused('vector-not-unit');
}

export function checkId(id: string): void {
  if (id.length === 0 || id.length > LONGEST_ID || !/^[\x21-\x7e]+$/.test(id)) throw new MatchingRefused('id-invalid');
}

import { LedgerDamaged, RemovalUnfinished, StorageFull, StreamPruned, WrongExpectedRevision } from '../errors.ts';
import type { Failure } from './messages.ts';
import { isDamage, isFull } from './sqlite-errors.ts';

/** An error as it crosses from the writer's thread. */
export function failureOf(error: unknown): Failure {
  if (error instanceof WrongExpectedRevision) return { kind: 'wrong revision', actual: numberOf(error.actual) };
  if (error instanceof StreamPruned) return { kind: 'pruned' };
  if (error instanceof LedgerDamaged) {
    const position = error.position === undefined ? undefined : Number(error.position);
    return { kind: 'damaged', position, what: error.what };
  }
  if (isFull(error)) return { kind: 'full' };
  if (isDamage(error)) return { kind: 'damaged', position: undefined, what: 'SQLite finds its file malformed' };
  return { kind: 'failed', what: error instanceof Error ? error.message : 'unknown' };
}

/** The error of a failure, on the caller's side. */
export function errorOf(failure: Failure, stream: string, expected: bigint | 'none'): Error {
  switch (failure.kind) {
    case 'wrong revision':
      return new WrongExpectedRevision(stream, expected, failure.actual < 0 ? 'none' : BigInt(failure.actual));
    case 'pruned':
      return new StreamPruned();
    case 'full':
      return new StorageFull();
    case 'unfinished':
      return new RemovalUnfinished();
    case 'damaged':
      return new LedgerDamaged(failure.position === undefined ? undefined : BigInt(failure.position), failure.what);
    case 'failed':
      return new Error(`the ledger's writer failed: ${failure.what}`);
    default:
      return failure satisfies never;
  }
}

function numberOf(revision: bigint | 'none'): number {
  return revision === 'none' ? -1 : Number(revision);
}

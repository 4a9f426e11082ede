import { hash } from 'node:crypto';
import { partitionName } from '../cursor.ts';
import type { Cursor, Topic } from '../port.ts';

/** A key stays in its partition as long as their number stays. */
export function partitionOf(key: string, partitions: number): number {
  return partitions === 1 ? 0 : Number.parseInt(hash('sha256', key, 'hex').slice(0, 8), 16) % partitions;
}

export function partitionNames(topics: readonly Topic[], partitions: number): string[] {
  return topics.flatMap((topic) => Array.from({ length: partitions }, (_, index) => partitionName(topic, index)));
}

/** The ledger position from which on some partition still wants something. */
export function lowest(names: readonly string[], done: Cursor['done']): bigint {
  return names.map((name) => done[name] ?? 0n).reduce((low, position) => (position < low ? position : low));
}

/** Each partition moves on to `passed`; one that is further already stays. */
export function advanced(names: readonly string[], done: Cursor['done'], passed: bigint): Cursor['done'] {
  return Object.fromEntries(names.map((name) => [name, greater(done[name] ?? 0n, passed)]));
}

export const greater = (a: bigint, b: bigint): bigint => (a > b ? a : b);

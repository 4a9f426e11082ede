import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { Unreadable } from './unreadable.ts';

export function moment(timestamp: Timestamp | undefined, what: string): string {
  if (timestamp === undefined) throw new Unreadable(`${what} is missing`);
  return timestampDate(timestamp).toISOString();
}

/** Amounts are integers that a number holds exactly. */
export function amount(value: bigint, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Unreadable(`${what} is too large`);
  return number;
}

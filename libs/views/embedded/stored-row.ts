import { crc32 } from 'node:zlib';
import { ViewDamaged } from '../errors.ts';
import type { SealedMember } from '../rows.ts';

/** As a table has it. */
export interface StoredRow {
  readonly key: string;
  readonly row: string;
  readonly member_event: string | null;
  readonly member: Uint8Array | null;
  readonly crc: number | bigint;
}

export function checksum(stored: Omit<StoredRow, 'crc'>): number {
  const text = crc32(`${stored.key}\n${stored.row}\n${stored.member_event ?? ''}\n`);
  return stored.member === null ? text : crc32(stored.member, text);
}

/** The row as it was put. Throws `ViewDamaged`. */
export function rowOf<Row>(stored: StoredRow): Row {
  if (checksum(stored) !== Number(stored.crc)) throw new ViewDamaged('a row does not fit its checksum');
  return withMember<Row>(parsedRow(stored.row), stored);
}

/** Rows hold their sequence as text, since JSON has no integers of 64 bits. */
export function rowText(row: object): string {
  return JSON.stringify(row, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export function parsedRow(text: string): Record<string, unknown> {
  const row = JSON.parse(text) as Record<string, unknown>;
  return typeof row['sequence'] === 'string' ? { ...row, sequence: BigInt(row['sequence']) } : row;
}

function withMember<Row>(row: Record<string, unknown>, { member, member_event: eventId }: StoredRow): Row {
  if (member === null || eventId === null) return row as Row;
  const sealed: SealedMember = { eventId, ciphertext: new Uint8Array(member) };
  return { ...row, member: sealed } as Row;
}

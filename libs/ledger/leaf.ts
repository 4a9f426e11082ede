import { hash } from 'node:crypto';
import type { NewRecord } from './port.ts';

/**
 * A record's RFC 9162 leaf hash: SHA-256 over a zero byte and the UTF-8 of the JSON array
 * `[stream, id, type, version, recordedAt, actor, clear, sealedDigest]` (RFC 8785, no spaces), where `clear` is the string as stored
 * and `sealedDigest` the SHA-256 of the sealed part as lower-case hex. Revision and position are not in it: the tree's order is the ledger's.
 */
export function leafHash(stream: string, record: NewRecord): Buffer {
  return leafHashOf(stream, { ...record, sealedDigest: hash('sha256', record.sealed, 'hex') });
}

/** What a leaf is made of: whoever has only the sealed part's digest can check it too. */
export interface LeafFields extends Omit<NewRecord, 'sealed'> {
  readonly sealedDigest: string;
}

export function leafHashOf(stream: string, fields: LeafFields): Buffer {
  const { id, type, version, recordedAt, actor, clear, sealedDigest } = fields;
  const json = JSON.stringify([stream, id, type, version, recordedAt, actor, clear, sealedDigest]);
  return hash('sha256', '\0' + json, 'buffer');
}

import { hash } from 'node:crypto';
import type { NewRecord } from './port.ts';

/**
 * A record's RFC 9162 leaf hash: SHA-256 over a zero byte and the UTF-8 of the JSON array
 * `[stream, id, type, version, recordedAt, actor, clear, sealedDigest]` (RFC 8785, no spaces), where `clear` is the string as stored
 * and `sealedDigest` the SHA-256 of the sealed part as lower-case hex. Revision and position are not in it: the tree's order is the ledger's.
 */
export function leafHash(stream: string, record: NewRecord): Buffer {
  const { id, type, version, recordedAt, actor, clear, sealed } = record;
  const digest = hash('sha256', sealed, 'hex');
  return hash('sha256', '\0' + JSON.stringify([stream, id, type, version, recordedAt, actor, clear, digest]), 'buffer');
}

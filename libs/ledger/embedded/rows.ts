import { LedgerDamaged } from '../errors.ts';
import { leafHash } from '../leaf.ts';
import type { StoredRecord } from '../port.ts';
import { actorOf } from './actors.ts';
import { uuidText } from './uuid.ts';

/** The columns of a record in the order in which `Row` has them, `r` and `s` being records and streams. */
export const COLUMNS =
  's.name, r.revision, r.position, r.type, r.version, r.actor, r.id, r.recorded_at, r.leaf, r.clear, r.sealed';

/** The type is a number (records) or the name itself (short-lived streams). */
export type Row = [
  stream: string,
  revision: number,
  position: number,
  type: number | string,
  version: number,
  actor: number,
  id: Buffer,
  recordedAt: string,
  leaf: Buffer,
  clear: string,
  sealed: Buffer,
];

/** The record of a row, checked against its leaf hash. Throws `LedgerDamaged` naming its position. */
export function recordOf(row: Row, typeName: (id: number) => string | undefined): StoredRecord {
  const [stream, revision, position, kind, version, code, idBytes, recordedAt, leaf, clear, sealed] = row;
  const type = typeof kind === 'number' ? typeName(kind) : kind;
  const actor = actorOf(code);
  if (type === undefined || actor === undefined || !whole(row))
    throw new LedgerDamaged(BigInt(position), 'a field of the record is not one');
  const id = uuidText(idBytes);
  const record = {
    stream,
    revision: BigInt(revision),
    position: BigInt(position),
    id,
    type,
    version,
    recordedAt,
    actor,
    clear,
    sealed,
    leaf,
  };
  if (!leafHash(stream, record).equals(leaf))
    throw new LedgerDamaged(record.position, 'the record is not what its leaf hash says');
  return record;
}

/** SQLite gives what a cell says: a flipped byte may have changed its kind. */
function whole([stream, , , , version, , id, recordedAt, leaf, clear, sealed]: Row): boolean {
  const texts = typeof stream === 'string' && typeof recordedAt === 'string' && typeof clear === 'string';
  const bytes = Buffer.isBuffer(id) && Buffer.isBuffer(leaf) && Buffer.isBuffer(sealed);
  return texts && bytes && typeof version === 'number';
}

import type { Parked, ParkedView } from '../parked.ts';
import type { Page, Paging } from '../port.ts';
import { checkedLimit, pageOf, placeAfter } from './paging.ts';
import type { Reader } from './reader.ts';
import { conditionsOf } from './table-reader.ts';

interface Stored {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly sequence: string;
  readonly reason: string;
  readonly event: string;
  readonly type: string;
  readonly time: string;
  readonly value: Uint8Array | null;
}

const COLUMNS = 'id, topic, key, CAST(sequence AS TEXT) AS sequence, reason, event, type, time, value';

export function parkedReader(reader: Reader): ParkedView {
  async function list(equal: Readonly<Record<string, string | undefined>>, paging: Paging): Promise<Page<Parked>> {
    const limit = checkedLimit(paging.limit);
    const query = { table: 'parked', ...equal };
    const place = placeAfter(paging, query, 2);
    const [conditions, values] = conditionsOf(
      Object.entries(equal).map(([column, value]) => [`${column} = ?`, value] as const),
    );
    const after = place === undefined ? [] : ['(parked.sequence, id) > (CAST(? AS INTEGER), ?)'];
    const where = [...conditions, ...after].join(' AND ');
    const sql = `SELECT ${COLUMNS} FROM parked ${where && `WHERE ${where}`} ORDER BY parked.sequence, id LIMIT ?`;
    const rows = reader.read((db) => db(sql).all(...values, ...(place ?? []), limit + 1) as Stored[]);
    return pageOf(rows, limit, query, ({ sequence, id }) => [sequence, id], parkedOf);
  }
  return {
    get: async (id) => {
      const row = reader.read((db) => db(`SELECT ${COLUMNS} FROM parked WHERE id = ?`).get(id) as Stored | undefined);
      return row && parkedOf(row);
    },
    list: ({ topic, ...paging }) => list({ topic }, paging),
    ofKey: ({ topic, key, ...paging }) => list({ topic, key }, paging),
  };
}

function parkedOf({ id, topic, key, reason, event, type, time, sequence, value }: Stored): Parked {
  const bytes = value === null ? null : new Uint8Array(value);
  return {
    id,
    topic,
    key,
    reason,
    message: { topic, key, id: event, type, time, sequence: BigInt(sequence), value: bytes },
  };
}

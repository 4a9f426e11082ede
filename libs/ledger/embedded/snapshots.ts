import type { Database as Connection } from 'better-sqlite3';
import type { Snapshots } from '../port.ts';
import { snapshotDigest } from './removing.ts';
import { naming } from './sqlite-errors.ts';
import type { WriterClient } from './writer-client.ts';

interface SnapshotRow {
  revision: number;
  state: string;
  digest: Buffer;
}

/** One a stream, written by the writer with whatever it commits next. A damaged one counts as none. */
export function snapshotsOf(db: Connection, writer: WriterClient, whileOpen: <T>(work: () => T) => T): Snapshots {
  const find = db.prepare<[string, string], SnapshotRow>(
    'SELECT revision, state, digest FROM snapshots WHERE stream = (SELECT id FROM streams WHERE name = ?) AND fold = ?',
  );
  return {
    load: async (stream, fold) => {
      const row = whileOpen(() => naming(() => find.get(stream, fold)));
      if (row === undefined) return undefined;
      const { revision, state, digest } = row;
      if (!snapshotDigest(stream, fold, revision, state).equals(digest)) return undefined;
      return { revision: BigInt(revision), state };
    },
    save: async (stream, fold, revision, state) => {
      await writer.send({ kind: 'save snapshot', stream, fold, revision: Number(revision), state });
    },
  };
}

import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerClosed } from '../errors.ts';
import type { Ledger, LeafLog, Snapshots } from '../port.ts';
import { checkAppend, checkTime } from './check-record.ts';
import { leafLogOf } from './leaf-log.ts';
import { lockFolder } from './lock.ts';
import { readerOf } from './reader.ts';
import { openForReading } from './schema.ts';
import { snapshotsOf } from './snapshots.ts';
import { tellFrom } from './subscribing.ts';
import { verifyFile } from './verify.ts';
import { startWriter, type WriterClient } from './writer-client.ts';

export interface EmbeddedLedgerOptions {
  /** The data folder; the ledger lies in its `ledger`. */
  readonly dir: string;
  /** Called when nobody knows what was written; must not return into a system that goes on. Ends the process by default. */
  readonly onFatal?: (error: Error) => void;
  /** Distance between two positions of a new ledger (1). Above 1 it shows that nothing relies on positions without gaps. */
  readonly positionStep?: number;
  /** The most 4 KiB pages that the file may have; without it, what the disk has. */
  readonly maxPages?: number;
  /** The log is moved into the main file once it is longer than this many bytes (16 MiB). */
  readonly checkpointBytes?: number;
}

export interface EmbeddedLedger extends Ledger, LeafLog {
  /** A whole copy of the ledger as of now, while it runs, in a new file. The only safe way to copy it from within this process. */
  copyTo(file: string): Promise<void>;
  /** Reads the whole ledger and its indexes once, in a thread beside. Throws `LedgerDamaged`; the signal ends it. */
  verify(signal?: AbortSignal): Promise<void>;
}

const CHECKPOINT_BYTES = 16 * 1024 * 1024;
const SWEPT_AT_ONCE = 500;

/** Opens `<dir>/ledger`, made where it is missing. Throws `LedgerLocked`, `LedgerDamaged`. */
export async function openEmbeddedLedger(options: EmbeddedLedgerOptions): Promise<EmbeddedLedger> {
  const folder = join(options.dir, 'ledger');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder, join(folder, 'lock'));
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of wakers) waker();
  };
  try {
    const writer = await startWriter(writerData(folder, options), wake, options.onFatal ?? endProcess);
    return opened(join(folder, 'ledger.db'), writer, wakers, wake, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function writerData(folder: string, options: EmbeddedLedgerOptions) {
  const data = {
    file: join(folder, 'ledger.db'),
    highWaterFile: join(folder, 'acknowledged'),
    positionStep: options.positionStep ?? 1,
    maxPages: options.maxPages ?? 0,
    checkpointBytes: options.checkpointBytes ?? CHECKPOINT_BYTES,
  };
  syncFolder(options.dir);
  return data;
}

function opened(
  file: string,
  writer: WriterClient,
  wakers: Set<() => void>,
  wake: () => void,
  release: () => void,
): EmbeddedLedger {
  syncFolder(join(file, '..'));
  const db = openForReading(file);
  const reader = readerOf(db);
  let closing: Promise<void> | undefined;
  const whileOpen = <T>(work: () => T): T => {
    if (closing !== undefined) throw new LedgerClosed();
    return work();
  };

  /** Until the next commit, or the end. */
  function more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        wakers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      wakers.add(done);
      signal.addEventListener('abort', done);
    });
  }

  async function close(): Promise<void> {
    await writer.close();
    db.close();
    release();
  }

  const snapshots: Snapshots = snapshotsOf(db, writer, whileOpen);
  return {
    ...leafLogOf(db, () => whileOpen(() => reader.head())),
    snapshots,
    append: async (stream, expected, records, { keepUntil } = {}) => {
      checkAppend(stream, records, keepUntil);
      const packed = records.map(({ sealed, id, type, version, recordedAt, actor, clear }) => {
        return { id, type, version, recordedAt, actor, clear, sealedBytes: sealed.byteLength };
      });
      const answer = await writer.send(
        { kind: 'append', stream, expected: expected === 'none' ? -1 : Number(expected), keepUntil, records: packed },
        records.map(({ sealed }) => sealed),
        expected,
      );
      return { revision: BigInt(answer.revision!), position: BigInt(answer.position!) };
    },
    readStream: async (stream, options = {}) => whileOpen(() => reader.readStream(stream, options)),
    readAll: async (options) => whileOpen(() => reader.readAll(options)),
    subscribe: (options, onRecords) =>
      tellFrom({ readAll: (page) => whileOpen(() => reader.readAll(page)), more }, options, onRecords),
    head: async () => whileOpen(() => BigInt(reader.head())),
    prune: async (stream) => ({ records: (await writer.send({ kind: 'prune', stream })).count! }),
    dueShortLived: async (now, limit) => {
      checkTime(now, 'time');
      return whileOpen(() => reader.due(now, limit));
    },
    readShortLived: async ({ after = '', limit }) => whileOpen(() => reader.shortLived(after, limit)),
    sweepShortLived: async (now, limit = SWEPT_AT_ONCE) => {
      checkTime(now, 'time');
      return { streams: (await writer.send({ kind: 'sweep', now, limit })).count! };
    },
    copyTo: async (target) => {
      await whileOpen(() => copyWhole(file, target));
    },
    verify: (signal) => whileOpen(() => verifyFile(file, signal)),
    close: () => {
      closing ??= close();
      wake();
      return closing;
    },
  };
}

/** From one moment of the ledger, however long it takes: appends go on, only the log is not shortened meanwhile. */
async function copyWhole(file: string, target: string): Promise<void> {
  const db = openForReading(file);
  try {
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM meta').get();
    await db.backup(target);
  } finally {
    db.close();
  }
}

/** So that a file made in it is still there after a power loss. */
function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

function endProcess(error: Error): void {
  process.stderr.write(`${error.message}: ending, since nobody knows what was written\n`);
  process.exit(70);
}

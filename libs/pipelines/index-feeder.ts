import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { follow } from '#libs/ledger/follow.ts';
import type { PipelineMetrics } from './metrics.ts';

/** What changes who may be matched. */
export const INDEX_TYPES = [
  'EnrolmentStarted',
  'EnrolmentCompleted',
  'PalmEnrolled',
  'PalmSignatureUpdated',
  'PalmMatchable',
  'PalmDuplicateFound',
  'PalmRemoved',
  'Paused',
  'Unpaused',
  'Suspended',
  'Resumed',
  'OneIdExpired',
  'ErasureRequested',
  'ErasureWithdrawn',
  'KeyDestructionBegun',
  'KeyDestroyed',
  'OneIdErased',
] as const;

/** The index takes records one by one, in ledger order; one that it cannot take comes again, and until then nothing passes it. */
export interface IndexHandler {
  take(record: StoredRecord): Promise<void>;
  /** Everything up to this position is taken; `atEnd`: it was the ledger's last. Repeated while nothing happens. */
  passed(position: bigint, atEnd: boolean): void;
}

export interface FeedingIndex {
  readonly ledger: Pick<Ledger, 'subscribe' | 'head'>;
  readonly handler: IndexHandler;
  /** An index lives in memory: it begins at 0n unless it has been loaded up to somewhere. */
  readonly after: bigint;
  readonly signal: AbortSignal;
  readonly metrics: PipelineMetrics;
  /** How often an idle index is told that it is still at the end; well under what it calls stale. */
  readonly everyMs?: number;
  readonly firstMs?: number;
}

/** Feeds the matching index from the ledger itself. A feeder that fails stops telling that it is at the end: the index then answers "not now". */
export async function feedIndex(feeding: FeedingIndex): Promise<void> {
  const { ledger, handler, signal, everyMs = 1_000 } = feeding;
  let done = feeding.after;
  const tell = async (): Promise<void> => handler.passed(done, (await ledger.head()) <= done);
  // A head that cannot be asked tells nothing, which is what an index that goes stale is for.
  const timer = setInterval(() => void tell().catch(() => undefined), everyMs);
  try {
    await follow({ ...feeding, name: 'index', types: INDEX_TYPES }, async (records, passed) => {
      for (const record of records) {
        // A batch that comes again after a failure goes on where it failed.
        if (record.position <= done || signal.aborted) continue;
        await handler.take(record);
        done = record.position;
      }
      if (signal.aborted) return;
      done = passed;
      await tell();
    });
  } finally {
    clearInterval(timer);
  }
}

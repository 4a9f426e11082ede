import { setImmediate, setTimeout } from 'node:timers/promises';
import type { LedgerPage, OnRecords, ReadAllOptions, SubscribeOptions } from '../port.ts';

export interface Source {
  readAll(options: ReadAllOptions): LedgerPage;
  /** Resolves when there may be more, or the signal is aborted. */
  more(signal: AbortSignal): Promise<void>;
}

const PAGE = 500;
/** Where nothing matches, `passed` is told at most this often. */
const IDLE_MS = 20;

/** From the log until its end, then from commit to commit. The position alone says what is next, so nothing is missed or told twice. */
export async function tellFrom(source: Source, options: SubscribeOptions, onRecords: OnRecords): Promise<void> {
  const { signal, types } = options;
  let after = options.after;
  let told = after;
  const aborted = (): boolean => signal.aborted;
  while (!aborted()) {
    const { records, next } = source.readAll({ after, limit: PAGE, ...(types === undefined ? {} : { types }) });
    const moved = next > after;
    after = next;
    if (records.length > 0) {
      told = after;
      await onRecords(records, told);
      await setImmediate();
      continue;
    }
    if (moved) continue;
    if (told < after) {
      told = after;
      await onRecords([], told);
      await setTimeout(IDLE_MS, undefined, { signal, ref: false }).catch(() => undefined);
      continue;
    }
    // No await since the read: a commit after it must not be slept through.
    await source.more(signal);
  }
}

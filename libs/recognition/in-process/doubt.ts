import { MatchingUnavailable } from '../matching/matching-index.ts';
import { MatchingRefused } from '../matching/refused.ts';
import { PalmReaderNotNow } from '../palm/port.ts';
import { NotNow } from '../port.ts';

/** Whatever fails or hangs on the way to an answer is a doubt, never "nobody". */
export async function withoutDoubt<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw doubtOf(error) ?? new NotNow('failed', { cause: error });
  }
}

/** As `withoutDoubt`, but what the feeder has to settle (a record that does not open) reaches it as it is. */
export async function withoutSilence<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw doubtOf(error) ?? error;
  }
}

function doubtOf(error: unknown): NotNow | undefined {
  if (error instanceof NotNow) return error;
  if (error instanceof MatchingUnavailable) return new NotNow(error.why);
  if (error instanceof PalmReaderNotNow) return new NotNow(error.why === 'crowded' ? 'overdue' : error.why);
  // A signature that the index does not take: its model version has no shard, or the model is broken.
  return error instanceof MatchingRefused ? new NotNow('failed') : undefined;
}

/** An answer in time, or `NotNow`. What comes too late is dropped. */
export async function inTime<Result>(deadlineMs: number, asked: Promise<Result> | Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotNow('overdue')), deadlineMs);
  });
  try {
    return await Promise.race([asked, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

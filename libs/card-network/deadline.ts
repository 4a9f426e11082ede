import { OutcomeUnknown, type CallOptions } from './port.ts';

const DEADLINE_MS = 10_000;

/** An answer in time, or `OutcomeUnknown`; what was asked goes on by itself. */
export async function inTime<T>(answer: Promise<T>, { deadlineMs = DEADLINE_MS }: CallOptions = {}): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new OutcomeUnknown('deadline')), deadlineMs);
  });
  // An answer that comes after the deadline has nobody left to hear its failure.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

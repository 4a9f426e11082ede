import { Worker } from 'node:worker_threads';
import { KeyReused, OutcomeUnknown, RequestInvalid } from '../port.ts';
import type { Answer, Failure, FromBook, Job, Numbered, Result } from './messages.ts';

export interface BookClient {
  run(job: Job, at: Date): Promise<Result>;
  close(): Promise<void>;
}

/** The book in a thread of its own, so that its syncs hold nobody up. Throws what kept it from opening. */
export async function startBook(file: string): Promise<BookClient> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL('./book.worker' + extension, import.meta.url), { workerData: { file } });
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  let lastNumber = 0;
  let ended = false;

  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', (error) => reject(error instanceof Error ? error : new Error('the book did not open')));
  });

  function settle(answer: Answer): void {
    const one = waiting.get(answer.number);
    waiting.delete(answer.number);
    if ('failure' in answer) one?.reject(errorOf(answer.failure));
    else one?.resolve(answer.result);
  }

  function lose(): void {
    ended = true;
    for (const { reject } of waiting.values()) reject(new OutcomeUnknown('unreachable'));
    waiting.clear();
  }

  worker.on('message', (message: FromBook) => message.kind === 'answers' && message.answers.forEach(settle));
  worker.on('error', lose);
  worker.on('exit', lose);

  function run(job: Job, at: Date): Promise<Result> {
    if (ended) return Promise.reject(new OutcomeUnknown('unreachable'));
    return new Promise((resolve, reject) => {
      const number = ++lastNumber;
      waiting.set(number, { resolve, reject });
      worker.postMessage({ number, at: at.toISOString(), job } satisfies Numbered);
    });
  }

  return {
    run,
    close: async () => {
      if (ended) return;
      const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const closed = run({ step: 'close' }, new Date());
      ended = true;
      await closed;
      await exit;
    },
  };
}

function errorOf(failure: Failure): Error {
  if (failure.name === 'KeyReused') return new KeyReused();
  if (failure.name === 'RequestInvalid') return new RequestInvalid(failure.field);
  return new OutcomeUnknown('unreachable');
}

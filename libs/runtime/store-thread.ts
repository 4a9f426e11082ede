import { Worker } from 'node:worker_threads';

export interface StoreFailure {
  readonly name: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface StoreJob {
  readonly number: number;
  readonly job: unknown;
}
export type StoreAnswer = { readonly number: number; readonly result?: unknown; readonly failure?: StoreFailure };
export type FromStore =
  { readonly kind: 'open' } | { readonly kind: 'answers'; readonly answers: readonly StoreAnswer[] };

export interface StoreThread<Job, Result> {
  /** Durable when it resolves. Jobs run in the order given. */
  run(job: Job): Promise<Result>;
  /** Ends the thread after what was given before. */
  close(): Promise<void>;
}

/**
 * A small store (one SQLite file, say) in a thread of its own, so that its syncs hold no event loop; jobs that wait together
 * share a commit. `errorOf` makes a job's error anew; a thread that ended fails what waits with `lost()`.
 * Throws what kept the store from opening.
 */
export async function startStoreThread<Job, Result>(
  worker: URL,
  workerData: unknown,
  { errorOf, lost }: { errorOf: (failure: StoreFailure) => Error; lost: () => Error },
): Promise<StoreThread<Job, Result>> {
  const thread = new Worker(worker, { workerData });
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>();
  let lastNumber = 0;
  let ended = false;
  await opened(thread);

  function settle({ number, result, failure }: StoreAnswer): void {
    const one = waiting.get(number);
    waiting.delete(number);
    if (failure === undefined) one?.resolve(result as Result);
    else one?.reject(errorOf(failure));
  }

  function lose(): void {
    ended = true;
    for (const { reject } of waiting.values()) reject(lost());
    waiting.clear();
  }

  thread.on('message', (message: FromStore) => message.kind === 'answers' && message.answers.forEach(settle));
  thread.on('error', lose);
  const exited = new Promise<void>((resolve) => {
    thread.on('exit', () => {
      lose();
      resolve();
    });
  });

  return {
    run: (job) => {
      if (ended) return Promise.reject(lost());
      return new Promise((resolve, reject) => {
        const number = ++lastNumber;
        waiting.set(number, { resolve, reject });
        thread.postMessage({ number, job } satisfies StoreJob);
      });
    },
    close: async () => {
      if (!ended) {
        ended = true;
        thread.postMessage('close');
      }
      await exited;
    },
  };
}

function opened(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread.once('message', () => resolve());
    thread.once('error', (error) => reject(error instanceof Error ? error : new Error('the store did not open')));
  });
}

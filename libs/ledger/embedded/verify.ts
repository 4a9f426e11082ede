import { Worker } from 'node:worker_threads';
import { errorOf } from './failures.ts';
import type { Failure } from './messages.ts';

/** In a thread of its own, while the ledger runs. Throws `LedgerDamaged` at the first thing that is wrong; the signal's reason where that ends it. */
export async function verifyFile(file: string, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL('./verify.worker' + extension, import.meta.url), { workerData: file });
  const cut = (): void => void worker.terminate();
  signal?.addEventListener('abort', cut);
  const failure = await new Promise<Failure | undefined>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the verification ended')));
  })
    .catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    })
    .finally(() => signal?.removeEventListener('abort', cut));
  if (failure !== undefined) throw errorOf(failure, '', 'none');
}

import { Worker } from 'node:worker_threads';
import { errorOf } from './failures.ts';
import type { Failure } from './messages.ts';

/** In a thread of its own, while the ledger runs. Throws `LedgerDamaged` at the first thing that is wrong. */
export async function verifyFile(file: string): Promise<void> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL('./verify.worker' + extension, import.meta.url), { workerData: file });
  const failure = await new Promise<Failure | undefined>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (failure !== undefined) throw errorOf(failure, '', 'none');
}

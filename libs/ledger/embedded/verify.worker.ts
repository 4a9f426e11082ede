import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './failures.ts';
import type { Failure } from './messages.ts';
import { verifyWhole } from './verifying.ts';

function damageIn(file: string): Failure | undefined {
  try {
    verifyWhole(file);
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

parentPort!.postMessage(damageIn(workerData as string));

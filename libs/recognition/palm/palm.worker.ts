import { parentPort, workerData } from 'node:worker_threads';
import type { TransferListItem } from 'node:worker_threads';
import { palmModel } from './model.ts';
import type { Gate } from './native-gate.ts';
import type { Capture, PalmReading } from './port.ts';
import { readCapture } from './read-capture.ts';

/** One read at a time: the reader waits for an answer before it sends the next. */
export interface ReadRequest {
  readonly id: number;
  readonly capture: Capture;
}

export type ReadAnswer =
  | { readonly ready: true }
  | { readonly id: number; readonly reading: PalmReading }
  | { readonly id: number; readonly failed: true };

const port = parentPort!;
const model = await palmModel((workerData as { gate: Gate }).gate);

let last = Promise.resolve();

port.on('message', (request: ReadRequest) => {
  last = last.then(() => answer(request));
});
port.postMessage({ ready: true } satisfies ReadAnswer);

async function answer({ id, capture }: ReadRequest): Promise<void> {
  try {
    const reading = await readCapture(capture, model);
    port.postMessage({ id, reading } satisfies ReadAnswer, buffersOf(reading));
  } catch {
    // What went wrong may quote the picture; the reader says "not now".
    port.postMessage({ id, failed: true } satisfies ReadAnswer);
  } finally {
    capture.visible?.fill(0);
    capture.nearInfrared?.fill(0);
    // After the answer is on its way; the next request waits for it.
    await model.clean();
  }
}

function buffersOf(reading: PalmReading): TransferListItem[] {
  if (reading.outcome === 'refused') return [];
  return [reading.signature.vector.buffer as ArrayBuffer, reading.signature.code.buffer as ArrayBuffer];
}

import { parentPort, workerData } from 'node:worker_threads';
import { openGeneration } from './generation-writer.ts';
import type { Answer, Request } from './writer-messages.ts';

/** A thread of its own, since a commit waits for the disk. One request at a time, in the order they come. */
const generation = openGeneration((workerData as { file: string }).file);
const methods = generation as unknown as Record<Request['call'], (...args: readonly unknown[]) => unknown>;
const port = parentPort!;

port.on('message', (request: Request) => {
  port.postMessage(answer(request));
  if (request.call === 'close') port.close();
});

function answer({ id, call, args }: Request): Answer {
  try {
    return { id, value: methods[call](...args) };
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    return { id, error: { name, message, code: typeof code === 'string' ? code : '' } };
  }
}

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { KeyReused, RequestInvalid } from '../port.ts';
import { openBook } from './book.ts';
import type { Answer, Failure, FromBook, Numbered, Result } from './messages.ts';

const port = parentPort!;
const send = (message: FromBook): void => port.postMessage(message);

function failureOf(error: Error): Failure {
  if (error instanceof KeyReused) return { name: 'KeyReused' };
  if (error instanceof RequestInvalid) return { name: 'RequestInvalid', field: error.field };
  return { name: 'other' };
}

function answerOf({ number }: Numbered, result: Result | Error): Answer {
  return result instanceof Error ? { number, failure: failureOf(result) } : { number, result };
}

function start(): void {
  const book = openBook((workerData as { file: string }).file);
  port.on('message', (first: Numbered) => {
    // Everything that waits goes into the same commit; it is answered after it.
    const jobs = [first];
    for (let more; (more = receiveMessageOnPort(port));) jobs.push(more.message as Numbered);
    const results = book.run(jobs);
    send({ kind: 'answers', answers: jobs.map((job, at) => answerOf(job, results[at])) });
    if (!jobs.some(({ job }) => job.step === 'close')) return;
    book.close();
    port.close();
  });
  send({ kind: 'open' });
}

start();

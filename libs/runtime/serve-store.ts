import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { FromStore, StoreAnswer, StoreJob } from './store-thread.ts';

/** What a store's thread runs: all jobs of one commit; a job's own error is its result, anything thrown ends the thread. */
export interface Store<Job, Result> {
  run(jobs: readonly Job[]): readonly (Result | Error)[];
  close(): void;
}

/** The thread's side of `startStoreThread`: what waits goes into the same commit, and is answered after it. */
export function serveStore<Job, Result>(open: (data: unknown) => Store<Job, Result>): void {
  const port = parentPort!;
  const send = (message: FromStore): void => port.postMessage(message);
  const store = open(workerData);
  port.on('message', (first: StoreJob | 'close') => {
    const messages = [first];
    for (let more; (more = receiveMessageOnPort(port));) messages.push(more.message as StoreJob | 'close');
    const jobs = messages.filter((message) => message !== 'close');
    const results = jobs.length === 0 ? [] : store.run(jobs.map(({ job }) => job as Job));
    send({ kind: 'answers', answers: jobs.map(({ number }, at) => answerOf(number, results[at])) });
    if (jobs.length === messages.length) return;
    store.close();
    port.close();
  });
  send({ kind: 'open' });
}

/** An error's own fields travel; it is made anew, by its name, on the other side. */
function answerOf(number: number, result: unknown): StoreAnswer {
  return result instanceof Error
    ? { number, failure: { ...result, name: result.name, message: result.message } }
    : { number, result };
}

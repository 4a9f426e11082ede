import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { failureOf } from './failures.ts';
import type { FromWriter, Job, JobsMessage } from './messages.ts';
import { openWriter, type Writer, type WriterData } from './writer.ts';

const port = parentPort!;
const send = (message: FromWriter): void => port.postMessage(message);

function start(): void {
  let writer: Writer;
  try {
    writer = openWriter(workerData as WriterData, (answers, head) => send({ kind: 'answers', answers, head }));
  } catch (error) {
    send({ kind: 'refused', failure: failureOf(error) });
    port.close();
    return;
  }
  port.on('message', (first: JobsMessage) => {
    // Everything that waits goes into the same commit.
    const messages = [first];
    for (let more; (more = receiveMessageOnPort(port));) messages.push(more.message as JobsMessage);
    const jobs = messages.flatMap(({ jobs, sealed }) => jobs.map((job): [Job, Uint8Array] => [job, sealed]));
    try {
      if (writer.run(jobs) === 'closed') port.close();
    } catch (error) {
      // Neither known as written nor as not written: whoever waits is told so, and the process ends.
      send({ kind: 'fatal', what: error instanceof Error ? error.message : 'unknown' });
      port.close();
    }
  });
  send({ kind: 'open', head: writer.head() });
}

start();

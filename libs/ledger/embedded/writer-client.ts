import { Worker } from 'node:worker_threads';
import { LedgerClosed, OutcomeUnknown } from '../errors.ts';
import { errorOf } from './failures.ts';
import type { Answer, FromWriter, Job, JobsMessage } from './messages.ts';
import type { WriterData } from './writer.ts';

/** Without its number: the client counts. */
export type Request = Job extends infer J ? (J extends Job ? Omit<J, 'number' | 'sealedAt'> : never) : never;

export interface WriterClient {
  /** `sealed`: the sealed parts of an append's records, in order. They are copied once, before this returns. */
  send(request: Request, sealed?: readonly Uint8Array[], expected?: bigint | 'none'): Promise<Answer>;
  /** The last position that was committed, as far as this thread knows. */
  head(): number;
  /** Ends the writer after what was sent before. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly stream: string;
  readonly expected: bigint | 'none';
}

/** Starts the writer in a thread of its own. `committed` is told each new head, `fatal` that nobody knows what was written. */
export async function startWriter(
  data: WriterData,
  committed: () => void,
  fatal: (error: Error) => void,
): Promise<WriterClient> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL('./writer.worker' + extension, import.meta.url), { workerData: data });
  const waiting = new Map<number, Waiting>();
  let head = await opened(worker);
  let lastNumber = 0;
  let jobs: Job[] = [];
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let ended: 'no' | 'closing' | 'failed' = 'no';

  function fail(what: string): void {
    if (ended === 'failed') return;
    ended = 'failed';
    const error = new Error(`the ledger's writer ended: ${what}`);
    fatal(error);
    for (const { reject } of waiting.values()) reject(new OutcomeUnknown({ cause: error }));
    waiting.clear();
  }

  function settle(answer: Answer): void {
    const one = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (one === undefined) return;
    if (answer.failure === undefined) one.resolve(answer);
    else one.reject(errorOf(answer.failure, one.stream, one.expected));
  }

  worker.on('message', (message: FromWriter) => {
    if (message.kind === 'fatal') return fail(message.what);
    if (message.kind !== 'answers') return;
    head = message.head;
    message.answers.forEach(settle);
    committed();
  });
  worker.on('error', (error) => fail(error instanceof Error ? error.message : 'unknown'));
  worker.on('exit', () => {
    if (ended !== 'closing') fail('without a word');
  });

  /** What was asked for in one turn travels in one message. */
  function flush(): void {
    const sealed = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      sealed.set(part, at);
      at += part.byteLength;
    }
    const message: JobsMessage = { jobs, sealed };
    [jobs, parts, bytes] = [[], [], 0];
    worker.postMessage(message, [sealed.buffer]);
  }

  function send(request: Request, sealed: readonly Uint8Array[] = [], expected: bigint | 'none' = 'none') {
    if (ended === 'failed') return Promise.reject(new OutcomeUnknown());
    if (ended === 'closing') return Promise.reject(new LedgerClosed());
    return new Promise<Answer>((resolve, reject) => {
      const number = ++lastNumber;
      const stream = 'stream' in request ? request.stream : '';
      waiting.set(number, { resolve, reject, stream, expected });
      if (jobs.length === 0) queueMicrotask(flush);
      jobs.push({ ...request, number, sealedAt: bytes } as Job);
      for (const part of sealed) {
        parts.push(part);
        bytes += part.byteLength;
      }
    });
  }

  return {
    send,
    head: () => head,
    close: async () => {
      if (ended !== 'no') return;
      const exit = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const closed = send({ kind: 'close' });
      ended = 'closing';
      await closed;
      await exit;
    },
  };
}

/** The ledger's head once the writer is open; throws what kept it from opening. */
function opened(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromWriter) => {
      worker.off('error', reject);
      if (message.kind === 'open') resolve(message.head);
      // Only once its files are closed.
      else if (message.kind === 'refused') worker.once('exit', () => reject(errorOf(message.failure, '', 'none')));
      else reject(new Error('the writer did not open'));
    });
  });
}

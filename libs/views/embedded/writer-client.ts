import { Worker } from 'node:worker_threads';
import { ViewClosed, ViewDamaged, ViewMoved } from '../errors.ts';
import type { GenerationWriter } from './generation-writer.ts';
import type { Answer, Request } from './writer-messages.ts';

type Call = keyof GenerationWriter;
type Args<C extends Call> = Parameters<GenerationWriter[C]>;
type Value<C extends Call> = ReturnType<GenerationWriter[C]>;

export interface WriterClient {
  call<C extends Call>(call: C, ...args: Args<C>): Promise<Value<C>>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const WORKER = new URL('./writer.worker' + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url);

/** The writer of one file in its worker. A worker that dies fails what it was asked; the next call starts another. */
export function startWriter(file: string): WriterClient {
  let worker: Worker | undefined;
  let closed = false;
  let next = 0;
  const waiting = new Map<number, Waiting>();

  function start(): Worker {
    const started = new Worker(WORKER, { workerData: { file } });
    started.on('message', (answer: Answer) => settle(answer));
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error('the writer has failed')));
    started.on('exit', () => fail(started, new ViewClosed()));
    return started;
  }

  function settle({ id, value, error }: Answer): void {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(value as never);
    else one?.reject(asError(error));
  }

  function fail(of: Worker, error: Error): void {
    if (worker !== of) return;
    worker = undefined;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  function call<C extends Call>(name: C, ...args: Args<C>): Promise<Value<C>> {
    if (closed) return Promise.reject(new ViewClosed());
    worker ??= start();
    const request: Request = { id: next++, call: name, args };
    return new Promise((resolve, reject) => {
      waiting.set(request.id, { resolve, reject });
      worker!.postMessage(request);
    });
  }

  return {
    call,
    close: async () => {
      if (closed) return;
      const running = worker;
      if (running !== undefined) await call('close');
      closed = true;
      await running?.terminate();
    },
  };
}

function asError({ name, message, code }: NonNullable<Answer['error']>): Error {
  if (name === 'ViewMoved') return new ViewMoved();
  if (name === 'ViewDamaged') return new ViewDamaged(message.replace('a view is damaged: ', ''));
  if (isDamage(code)) return new ViewDamaged(code);
  return Object.assign(new Error(message), { name, code });
}

/** SQLite's own words for a file that is not what was written. */
export function isDamage(code: unknown): boolean {
  return typeof code === 'string' && (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB');
}

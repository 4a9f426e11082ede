import { Worker } from 'node:worker_threads';
import { newGate, shutGate, shutGateNow } from './native-gate.ts';
import type { Gate } from './native-gate.ts';
import type { ReadAnswer, ReadRequest } from './palm.worker.ts';
import { PalmReaderNotNow } from './port.ts';
import type { Capture, PalmReader, PalmReading } from './port.ts';

export interface PalmReaderOptions {
  /** From the call to the answer, waiting included. Milliseconds. */
  readonly deadlineMs?: number;
  /** Reads that may wait for their turn; one more is refused as crowded. */
  readonly waiting?: number;
  /** For tests: a worker that behaves badly. */
  readonly script?: URL;
}

interface Job {
  readonly id: number;
  readonly capture: Capture;
  readonly done: (reading: PalmReading) => void;
  readonly fail: (error: PalmReaderNotNow) => void;
  readonly timer: NodeJS.Timeout;
}

const SCRIPT = new URL('./palm.worker' + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url);

/**
 * Reads palms in one worker, one after the other. A worker that hangs or dies is replaced: the read that it was at ends with
 * `PalmReaderNotNow`, those that wait go on with the next worker.
 */
export function palmReader(options: PalmReaderOptions = {}): PalmReader {
  const { deadlineMs = 3_000, waiting = 64, script = SCRIPT } = options;
  const queue: Job[] = [];
  let current: Job | undefined;
  let worker: GatedWorker | undefined;
  let ready = false;
  let closed = false;
  let ids = 0;

  function start(): void {
    const gate = newGate();
    const thread = new Worker(script, { workerData: { gate } });
    const fresh = { thread, gate };
    worker = fresh;
    ready = false;
    thread.on('message', (answer: ReadAnswer) => {
      if (worker === fresh) take(answer);
    });
    thread.on('error', () => lost(fresh));
    thread.on('exit', () => lost(fresh));
    thread.unref();
  }

  function take(answer: ReadAnswer): void {
    if ('ready' in answer) {
      ready = true;
      return next();
    }
    const job = current;
    if (job === undefined || job.id !== answer.id) return;
    current = undefined;
    clearTimeout(job.timer);
    if ('reading' in answer) job.done(answer.reading);
    else job.fail(new PalmReaderNotNow('failed'));
    next();
  }

  /** The worker is started anew when there is work for it, so one that cannot start does not start forever. */
  function lost(which: GatedWorker): void {
    if (worker !== which) return;
    worker = undefined;
    const started = ready;
    ready = false;
    if (current !== undefined) end(current, 'failed');
    if (!started) for (const job of queue.slice()) end(job, 'failed');
    next();
  }

  function end(job: Job, why: PalmReaderNotNow['why']): void {
    clearTimeout(job.timer);
    if (current === job) current = undefined;
    const at = queue.indexOf(job);
    if (at >= 0) queue.splice(at, 1);
    wipeCapture(job.capture);
    job.fail(new PalmReaderNotNow(why));
  }

  function overdue(job: Job): void {
    const hangs = current === job || !ready;
    end(job, 'overdue');
    if (!hangs) return;
    const stuck = worker;
    worker = undefined;
    ready = false;
    if (stuck) void ended(stuck);
    next();
  }

  function next(): void {
    if (current !== undefined) return;
    if (queue.length === 0) {
      worker?.thread.unref();
      return;
    }
    if (worker === undefined) return start();
    if (!ready) return;
    current = queue.shift()!;
    worker.thread.ref();
    const request: ReadRequest = { id: current.id, capture: current.capture };
    worker.thread.postMessage(request, buffersOf(current.capture));
  }

  const exiting = () => {
    if (worker !== undefined) shutGateNow(worker.gate, EXIT_PATIENCE_MS);
  };
  process.once('exit', exiting);
  start();
  return {
    read(capture) {
      const own = owned(capture);
      const refusal = closed ? 'closed' : queue.length >= waiting ? 'crowded' : undefined;
      if (refusal !== undefined) {
        wipeCapture(own);
        return Promise.reject(new PalmReaderNotNow(refusal));
      }
      return new Promise((done, fail) => {
        const timer = setTimeout(() => overdue(job), deadlineMs);
        const job: Job = { id: ++ids, capture: own, done, fail, timer };
        queue.push(job);
        next();
      });
    },
    async close() {
      closed = true;
      process.off('exit', exiting);
      if (current !== undefined) end(current, 'closed');
      for (const job of queue.slice()) end(job, 'closed');
      const last = worker;
      worker = undefined;
      if (last) await ended(last);
    },
  };
}

interface GatedWorker {
  readonly thread: Worker;
  readonly gate: Gate;
}

/** How long native work may take to come to its end. A picture within the limits never takes as long. */
const PATIENCE_MS = 10_000;
const EXIT_PATIENCE_MS = 2_000;

/** A thread that does not come out of native code is left alone: to end it by force could end the process. */
async function ended({ thread, gate }: GatedWorker): Promise<void> {
  thread.unref();
  if (await shutGate(gate, PATIENCE_MS)) await thread.terminate();
}

/** A picture that fills its buffer is handed over as it is; one inside a larger buffer is copied out, and the place overwritten. */
function owned({ visible, nearInfrared }: Capture): Capture {
  return {
    ...(visible && { visible: whole(visible) }),
    ...(nearInfrared && { nearInfrared: whole(nearInfrared) }),
  };
}

function whole(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) return bytes;
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  bytes.fill(0);
  return copy;
}

function buffersOf({ visible, nearInfrared }: Capture): ArrayBuffer[] {
  const buffers = [visible, nearInfrared].flatMap((bytes) => (bytes ? [bytes.buffer as ArrayBuffer] : []));
  return [...new Set(buffers)];
}

/** What was sent to the worker is detached here, and the worker's to overwrite. */
function wipeCapture({ visible, nearInfrared }: Capture): void {
  for (const bytes of [visible, nearInfrared]) if (bytes && bytes.byteLength > 0) bytes.fill(0);
}

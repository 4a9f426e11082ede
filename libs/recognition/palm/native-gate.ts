/**
 * Ending a worker thread while native code is at work in it can end the whole process: onnxruntime throws where nothing
 * catches. So native work and the end of the worker exclude each other, by one shared word.
 */
const OPEN = 0;
const BUSY = 1;
const SHUT = 2;

export type Gate = Int32Array<SharedArrayBuffer>;

export function newGate(): Gate {
  return new Int32Array(new SharedArrayBuffer(4));
}

/** In the worker: does the work, unless the worker is about to end; then it waits for the end. */
export async function throughGate<T>(gate: Gate, work: () => Promise<T>): Promise<T> {
  if (Atomics.compareExchange(gate, 0, OPEN, BUSY) !== OPEN) return new Promise<T>(() => {});
  try {
    return await work();
  } finally {
    Atomics.store(gate, 0, OPEN);
    Atomics.notify(gate, 0);
  }
}

/** Outside: true once no native work can begin any more, so that the worker may be ended; false if some never came to its end. */
export async function shutGate(gate: Gate, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (Atomics.compareExchange(gate, 0, OPEN, SHUT) === BUSY) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

/** The same where nothing can be awaited any more: the process is about to exit, which ends its workers. */
export function shutGateNow(gate: Gate, patienceMs: number): void {
  const until = performance.now() + patienceMs;
  while (Atomics.compareExchange(gate, 0, OPEN, SHUT) === BUSY && performance.now() < until) {
    Atomics.wait(gate, 0, BUSY, until - performance.now());
  }
}

import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Signature } from '../palm/port.ts';
import type { IndexEntry, ModelShape } from './entry.ts';
import type { Answered, Asked, Change, Packed, Search } from './messages.ts';
import { MatchingRefused } from './refused.ts';
import type { IndexStatus, Put, Searched } from './signature-index.ts';

/** The index in a worker of its own. Refusals reject with `MatchingRefused`, silence and crashes with `MatchingUnavailable`. */
export interface MatchingIndex {
  /** Copies the signature; the caller overwrites its own. `epoch`: of the keyring, read before the signature was opened. */
  add(entry: IndexEntry, epoch: number): Promise<Put>;
  /** Many at a time, for a start from the ledger. The first that is refused rejects; those before it are in. */
  addMany(entries: readonly IndexEntry[], epoch: number): Promise<readonly Put[]>;
  /** Resolves once the bytes are overwritten. False: there was none. */
  remove(oneId: string, palm: string): Promise<boolean>;
  removeOneId(oneId: string): Promise<number>;
  search(probe: Signature, options?: { excludeOneId?: string }): Promise<Searched>;
  /** From now on nothing is taken that was opened before this epoch. */
  clearedTo(epoch: number): Promise<void>;
  status(): Promise<IndexStatus>;
  /** As of the last answer. */
  palms(): number;
  /** The worker has ended, or something happened in it that should not: it must be filled anew. */
  failed(): boolean;
  close(): Promise<void>;
}

export class MatchingUnavailable extends Error {
  readonly why: 'overdue' | 'failed' | 'closed';

  constructor(why: MatchingUnavailable['why']) {
    super(`the matching index does not answer: ${why}`);
    this.name = 'MatchingUnavailable';
    this.why = why;
  }
}

export interface MatchingOptions {
  readonly shapes: readonly ModelShape[];
  /** How long an answer may take. Default 2,000 ms. */
  readonly deadlineMs?: number;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export function startMatchingIndex({ shapes, deadlineMs = 2_000 }: MatchingOptions): MatchingIndex {
  const { port1: searches, port2 } = new MessageChannel();
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL(`./matching.worker${extension}`, import.meta.url), {
    workerData: { shapes, searches: port2 },
    transferList: [port2],
  });
  const waiting = new Map<number, Waiting>();
  let ended: MatchingUnavailable | undefined;
  let last = 0;
  let palms = 0;

  const end = (why: 'failed' | 'closed'): void => {
    ended ??= new MatchingUnavailable(why);
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer);
      reject(ended);
    }
    waiting.clear();
    searches.close();
  };
  const take = (answered: Answered): void => {
    const waiter = waiting.get(answered.id);
    if (waiter === undefined) return;
    waiting.delete(answered.id);
    clearTimeout(waiter.timer);
    if ('ok' in answered) {
      palms = answered.palms;
      waiter.resolve(answered.ok as never);
    } else if ('refused' in answered) waiter.reject(new MatchingRefused(answered.refused));
    else {
      waiter.reject(new MatchingUnavailable('failed'));
      end('failed');
    }
  };
  worker.on('message', take);
  searches.on('message', take);
  worker.on('error', () => end('failed'));
  worker.on('exit', () => end('failed'));

  const ask = <Result>(to: Worker | MessagePort, what: Change | Search, handOver: ArrayBuffer[]): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      const id = ++last;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new MatchingUnavailable('overdue'));
      }, deadlineMs);
      waiting.set(id, { resolve: resolve, reject, timer });
      to.postMessage({ id, ask: what } satisfies Asked<Change | Search>, handOver);
    });
  const change = <Result>(what: Change, handOver: ArrayBuffer[] = []): Promise<Result> => ask(worker, what, handOver);

  const addMany = (entries: readonly IndexEntry[], epoch: number): Promise<readonly Put[]> => {
    const packed = entries.map(({ oneId, palm, hand, signature }) => ({
      oneId,
      palm,
      hand,
      signature: pack(signature),
    }));
    return change(
      { do: 'put', entries: packed, epoch },
      packed.map(({ signature }) => signature.bytes),
    );
  };

  return {
    add: async (entry, epoch) => (await addMany([entry], epoch))[0]!,
    addMany,
    remove: (oneId, palm) => change({ do: 'remove', oneId, palm }),
    removeOneId: (oneId) => change({ do: 'removeOneId', oneId }),
    search: (signature, { excludeOneId } = {}) => {
      const probe = pack(signature);
      const what: Search = { do: 'search', probe, ...(excludeOneId === undefined ? {} : { excludeOneId }) };
      return ask(searches, what, [probe.bytes]);
    },
    clearedTo: async (epoch) => {
      await change({ do: 'clearedTo', epoch });
    },
    status: () => change({ do: 'status' }),
    palms: () => palms,
    failed: () => ended?.why === 'failed',
    close: async () => {
      end('closed');
      await worker.terminate();
    },
  };
}

function pack({ modelVersion, vector, code }: Signature): Packed {
  const bytes = new ArrayBuffer(vector.length * 4 + code.length);
  new Float32Array(bytes, 0, vector.length).set(vector);
  new Uint8Array(bytes, vector.length * 4).set(code);
  return { modelVersion, bytes, dimensions: vector.length };
}

import { ViewDamaged } from '../errors.ts';
import { SOURCES, type Progress, type Source, type ViewWriter } from '../port.ts';
import { startWriter } from './writer-client.ts';

/** One file with its writer and how far it is. */
export interface Generation extends ViewWriter {
  readonly name: string;
  readonly file: string;
  readonly stands: Readonly<Partial<Record<Source, Progress>>>;
  /** The ledger position that every source has passed. */
  position(): bigint;
  purge(ids: readonly string[]): Promise<void>;
  /** Takes over what is purged and skipped in an older one. */
  inherit(file: string): Promise<void>;
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

export async function startGeneration(name: string, file: string, onDamage: () => void): Promise<Generation> {
  const writer = startWriter(file);
  const stands: Partial<Record<Source, Progress>> = {};
  for (const source of SOURCES) {
    const progress = await writer.call('progress', source);
    if (progress !== undefined) stands[source] = progress;
  }

  async function watched<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ViewDamaged) onDamage();
      throw error;
    }
  }

  return {
    name,
    file,
    stands,
    position: () => SOURCES.map((source) => stands[source]?.ledger ?? 0n).reduce((low, one) => (one < low ? one : low)),
    progress: async (source) => stands[source],
    apply: async (entries, step) => {
      const applied = await watched(writer.call('apply', entries, step));
      stands[step.source] = step.to;
      return applied;
    },
    unpark: (topic, key, entries) => watched(writer.call('unpark', topic, key, entries)),
    purge: (ids) => watched(writer.call('purge', ids)),
    inherit: (older) => writer.call('inherit', older),
    checkpoint: () => writer.call('checkpoint'),
    close: () => writer.close(),
  };
}

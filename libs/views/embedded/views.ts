import { RebuildRunning, ViewClosed, ViewDamaged } from '../errors.ts';
import type { NextGeneration, Views } from '../port.ts';
import { startGeneration, type Generation } from './generation.ts';
import { generationsIn } from './generations.ts';
import { createReader } from './reader.ts';
import { readersOf } from './readers.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { createWaiters } from './waiters.ts';

export interface EmbeddedViews {
  /** Theirs alone: `<data>/views`. */
  readonly folder: string;
  /** A row is not what was written: time for a rebuild. Called once a generation. */
  readonly onDamaged?: () => void;
}

/** Views in SQLite. Starts empty, for the projector to fill, where there is no file of this schema that can be used. */
export async function openEmbeddedViews({ folder, onDamaged = () => {} }: EmbeddedViews): Promise<Views> {
  const generations = generationsIn(folder);
  const found = generations.live();
  let live = await started(found ?? generations.create());
  if (found === undefined) generations.makeLive(live.name);
  generations.removeAllBut(live.name);

  const damaged = new Set<string>();
  const reader = createReader(live.file, () => damage(live.name));
  const waiters = createWaiters();
  let next: Generation | undefined;
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  function started(name: string): Promise<Generation> {
    return startGeneration(name, generations.file(name), () => damage(name));
  }

  /** At the next start, whatever happens, this file is not used. */
  function damage(name: string): void {
    if (damaged.has(name)) return;
    damaged.add(name);
    generations.markDamaged(name);
    onDamaged();
  }

  /** What writes comes in turn, so that a swap stands between two writes and never within one. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(() => {
      if (closed) throw new ViewClosed();
      return work();
    });
    turn = mine.catch(() => {});
    return mine;
  }

  async function rebuild(): Promise<NextGeneration> {
    return inTurn(async () => {
      if (next !== undefined) throw new RebuildRunning();
      const generation = await started(generations.create());
      next = generation;
      await inherit(generation);
      return {
        progress: (source) => generation.progress(source),
        apply: (entries, step) => generation.apply(entries, step),
        unpark: (topic, key, entries) => generation.unpark(topic, key, entries),
        swap: () => swap(generation),
        discard: () => discard(generation),
      };
    });
  }

  /** Where the live file is too damaged to be asked, sealed members whose keys are gone may come back: nothing opens them. */
  async function inherit(generation: Generation): Promise<void> {
    try {
      await generation.inherit(live.file);
    } catch (error) {
      if (!(error instanceof ViewDamaged)) throw error;
    }
  }

  function swap(generation: Generation): Promise<void> {
    return inTurn(async () => {
      if (next !== generation) throw new ViewClosed();
      await inherit(generation);
      await generation.checkpoint();
      generations.makeLive(generation.name);
      reader.point(generation.file);
      const before = live;
      live = generation;
      next = undefined;
      await before.close();
      generations.remove(before.name);
      waiters.reached(live.position());
    });
  }

  function discard(generation: Generation): Promise<void> {
    return inTurn(async () => {
      if (next !== generation) return;
      next = undefined;
      await generation.close();
      generations.remove(generation.name);
    });
  }

  return {
    ...readersOf(reader),
    progress: (source) => live.progress(source),
    apply: (entries, step) =>
      inTurn(async () => {
        const applied = await live.apply(entries, step);
        waiters.reached(live.position());
        return applied;
      }),
    unpark: (topic, key, entries) => inTurn(() => live.unpark(topic, key, entries)),
    position: async () => live.position(),
    waitFor: async (position, withinMs) => (live.position() >= position ? 'reached' : waiters.wait(position, withinMs)),
    purge: (ids) =>
      inTurn(async () => {
        await live.purge(ids);
        await next?.purge(ids);
      }),
    rebuild,
    status: async () => ({
      generation: live.name,
      schema: SCHEMA_VERSION,
      progress: { ...live.stands },
      parked: reader.read((db) => db('SELECT count(*) FROM parked').pluck().get() as number),
      rebuilding: next !== undefined,
      damaged: damaged.has(live.name),
    }),
    close: () =>
      inTurn(async () => {
        closed = true;
        waiters.close();
        reader.close();
        await live.close();
        await next?.close();
      }).catch((error: unknown) => {
        if (!(error instanceof ViewClosed)) throw error;
      }),
  };
}

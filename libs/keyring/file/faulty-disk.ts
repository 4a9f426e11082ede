import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';

/** What happens at the chosen step: `before` it is done, after half of its bytes (`torn`), or after it with all unsynced lost (`power`). */
export type Fault = 'before' | 'torn' | 'power';

export class Crashed extends Error {
  override readonly name = 'Crashed';
}

const CHANGING = new Set(['write', 'sync', 'syncFolder', 'rename', 'unlink', 'truncate']);

export interface FaultyDisk extends Disk {
  /** The changing steps that were done, by name. */
  readonly steps: string[];
  /** From now on: the step of this number (0: the next one) fails, and all after it. */
  crashAt(step: number, fault: Fault): void;
  /** Puts back what a loss of power takes: writes that no sync followed, names that no folder's sync followed. */
  losePower(): Promise<void>;
}

/** A disk that stops at a step, as a process that is killed, or a machine that loses power. */
export function faultyDisk(real: Disk): FaultyDisk {
  const steps: string[] = [];
  const durable = new Map<string, Buffer | undefined>();
  const renames: { from: string; to: string; replaced: Buffer | undefined }[] = [];
  let left = Infinity;
  let fault: Fault = 'before';
  let dead = false;

  const remember = async (path: string): Promise<void> => {
    if (!durable.has(path)) durable.set(path, await readFile(path).catch(() => undefined));
  };
  const track = async (what: string, args: readonly unknown[]): Promise<void> => {
    const path = args[0] as string;
    if (what === 'write' || what === 'truncate') await remember(path);
    if (what === 'rename') {
      const to = args[1] as string;
      renames.push({ from: path, to, replaced: await readFile(to).catch(() => undefined) });
    }
  };
  const settle = (what: string, args: readonly unknown[]): void => {
    const path = args[0] as string;
    if (what === 'sync' || what === 'unlink') durable.delete(path);
    if (what === 'syncFolder') {
      for (let i = renames.length - 1; i >= 0; i--) if (dirname(renames[i]?.to ?? '') === path) renames.splice(i, 1);
    }
  };
  const step = async (what: string, args: unknown[]): Promise<unknown> => {
    if (dead) throw new Crashed('the process is gone');
    const act = real[what as 'write'].bind(real) as (...all: unknown[]) => Promise<unknown>;
    if (!CHANGING.has(what)) return act(...args);
    steps.push(what);
    await track(what, args);
    if (left-- > 0) {
      const done = await act(...args);
      settle(what, args);
      return done;
    }
    dead = true;
    if (what === 'rename') renames.pop();
    if (fault === 'torn' && what === 'write') {
      const [path, offset, bytes] = args as [string, number, Uint8Array];
      await act(path, offset, bytes.subarray(0, bytes.length >> 1));
    }
    throw new Crashed(`killed at step ${steps.length}: ${what}`);
  };

  const disk = new Proxy(real, {
    get: (_, what: string) => {
      if (what === 'release') return real.release.bind(real);
      return (...args: unknown[]) => step(what, args);
    },
  });
  return Object.assign(Object.create(disk) as Disk, {
    steps,
    crashAt(at: number, how: Fault) {
      steps.length = 0;
      left = at;
      fault = how;
    },
    async losePower() {
      for (const { from, to, replaced } of [...renames].reverse()) {
        await rename(to, from);
        if (replaced) await writeFile(to, replaced, { mode: 0o600 });
      }
      for (const [path, bytes] of durable) {
        if (bytes) await writeFile(path, bytes, { mode: 0o600 });
        else await rm(path, { force: true });
      }
    },
  });
}

/** A copy of a folder as it is now, as a backup or a thief takes it. */
export async function stolen(folder: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'stolen-'));
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** Every file under a folder. */
export async function filesUnder(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

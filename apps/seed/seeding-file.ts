import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { jsonIn } from '#libs/command-line/credential.ts';
import { writeDurably } from '#libs/runtime/write-durably.ts';
import type { SeedPlan } from './timeline.ts';

/** What a folder remembers of its seeding. Nothing of it is secret. */
export interface Seeding extends SeedPlan {
  /** Of the timeline: so many actions, from its beginning, are done for certain. */
  readonly done: number;
  readonly finished: boolean;
  /** Made by the seeding, where the folder had no admin. */
  readonly admin?: string;
}

function pathOf(dataDir: string): string {
  return join(dataDir, 'seed.json');
}

export function readSeeding(dataDir: string): Seeding | undefined {
  const path = pathOf(dataDir);
  if (!existsSync(path)) return undefined;
  const seeding = jsonIn(path) as unknown as Partial<Seeding>;
  if (typeof seeding.seed === 'string' && typeof seeding.members === 'number' && typeof seeding.done === 'number') {
    return seeding as Seeding;
  }
  throw new CannotDo(`${path} is damaged; seed another folder`);
}

export function writeSeeding(dataDir: string, seeding: Seeding): void {
  writeDurably(pathOf(dataDir), Buffer.from(`${JSON.stringify(seeding)}\n`));
}

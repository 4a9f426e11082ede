import { existsSync, readFileSync } from 'node:fs';
import { writeDurably } from '#libs/runtime/write-durably.ts';
import type { ClockMemory, ClockSeen } from './clock-watch.ts';

/** The clock as it was last seen, in a file of the data folder. */
export function clockFile(path: string): ClockMemory {
  return {
    load: () => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ClockSeen) : undefined),
    save: (seen) => writeDurably(path, Buffer.from(JSON.stringify(seen))),
  };
}

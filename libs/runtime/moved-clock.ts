import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { writeDurably } from './write-durably.ts';

/** A clock that somebody moves: only for a folder made for demo, test or seed. It never goes back, and remembers over restarts. */
export interface MovedClock extends Clock {
  /** Throws a RangeError for a moment that is not later than now. */
  moveTo(moment: Date): void;
}

export function movedClock(dataDir: string): MovedClock {
  const path = join(dataDir, 'clock.json');
  let ahead = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { aheadMs: number }).aheadMs : 0;
  const now = (): Date => new Date(Date.now() + ahead);
  return {
    now,
    moveTo: (moment) => {
      const more = moment.getTime() - now().getTime();
      if (!(more > 0)) throw new RangeError('the clock only moves forward');
      ahead += more;
      writeDurably(path, Buffer.from(JSON.stringify({ aheadMs: ahead })));
    },
  };
}

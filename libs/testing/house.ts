import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts, type Parts, type PartsOptions } from '#apps/palmledger/parts.ts';
import { movedClock, type MovedClock } from '#libs/runtime/moved-clock.ts';

/** All embedded parts, real ones, in a temporary folder. */
export interface House {
  readonly folder: string;
  readonly clock: MovedClock;
  readonly parts: Parts;
  /** Where messages to phones arrive, one file each. */
  readonly outboxDir: string;
  /** Closes the parts and opens them again on the same folder, as after a restart. */
  reopen(): Promise<Parts>;
  close(): Promise<void>;
}

/** A house for a test, with a clock that can be moved. `options.reader` stands in where pictures are not the point. */
export async function openHouse(options: Partial<PartsOptions> = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'palmledger-'));
  const clock = movedClock(folder);
  const open = (): Promise<Parts> =>
    openParts({
      dataDir: join(folder, 'data'),
      keysDir: join(folder, 'keys'),
      outboxDir: join(folder, 'outbox'),
      cardNetworkDir: join(folder, 'card-network'),
      clock,
      authorities: ['127.0.0.1'],
      falsePositiveRate: 0.001,
      visibleLightLimit: 100_000,
      ...options,
    });
  let parts = await open();
  return {
    folder,
    clock,
    outboxDir: join(folder, 'outbox'),
    get parts() {
      return parts;
    },
    reopen: async () => {
      await parts.close();
      parts = await open();
      return parts;
    },
    close: async () => {
      await parts.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

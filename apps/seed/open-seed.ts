import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openParts, type Parts } from '#apps/palmledger/parts.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { jsonIn } from '#libs/command-line/credential.ts';
import { systemClock } from '#libs/runtime/clock.ts';
import { openFolder } from '#libs/runtime/folder.ts';
import type { FolderPurpose, Settings } from '#libs/runtime/settings.ts';
import { noReader } from './seed-zone.ts';
import { readSeeding, type Seeding } from './seeding-file.ts';

export interface OpenSeed {
  readonly parts: Parts;
  readonly purpose: FolderPurpose;
  /** Where an earlier one was cut off, or has finished. */
  readonly earlier: Seeding | undefined;
}

/** Opens a stopped folder for a seeding; refuses one that is in use, or whose members are not of a seeding. */
export async function openSeed(settings: Settings): Promise<OpenSeed> {
  const purpose = purposeOf(settings.PALMLEDGER_DATA);
  openFolder(settings.PALMLEDGER_DATA, purpose, new Date());
  const parts = await openParts({
    dataDir: settings.PALMLEDGER_DATA,
    keysDir: settings.PALMLEDGER_KEYS,
    outboxDir: settings.PALMLEDGER_OUTBOX,
    cardNetworkDir: settings.PALMLEDGER_CARD_NETWORK,
    // The network's time is today's; each action brings the moment that it is recorded at.
    clock: systemClock,
    authorities: [],
    falsePositiveRate: settings.PALMLEDGER_FALSE_POSITIVE_RATE,
    visibleLightLimit: settings.PALMLEDGER_VISIBLE_LIGHT_LIMIT,
    reader: noReader,
  });
  try {
    const earlier = readSeeding(settings.PALMLEDGER_DATA);
    if (earlier === undefined && (await hasMembers(parts))) {
      throw new CannotDo(`${settings.PALMLEDGER_DATA} has members already; name another folder by PALMLEDGER_DATA`);
    }
    return { parts, purpose, earlier };
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** A new folder is made for seed. One that was started once and has no members yet is filled as it is. */
function purposeOf(dataDir: string): FolderPurpose {
  const file = join(dataDir, 'folder.json');
  if (!existsSync(file)) return 'seed';
  const { purpose } = jsonIn(file);
  if (purpose === 'seed' || purpose === 'live') return purpose;
  throw new CannotDo(`${dataDir} was made for ${String(purpose)}; name another folder by PALMLEDGER_DATA`);
}

async function hasMembers({ ledger }: Pick<Parts, 'ledger'>): Promise<boolean> {
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({ after, limit: 1, types: ['EnrolmentStarted'] });
    if (records.length > 0) return true;
    if (next === after) return false;
    after = next;
  }
}

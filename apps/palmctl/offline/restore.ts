import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { jsonIn } from '#libs/command-line/credential.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { EvidenceInvalid } from '#libs/evidence/errors.ts';
import { verifyHead, type TreeHead } from '#libs/evidence/head.ts';
import { openTreeFile } from '#libs/evidence/tree-file.ts';
import { verifyLog } from '#libs/evidence/verify-log.ts';
import { openServiceKeys } from '#libs/identity/service-keys.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { HEAD_FILE, LEDGER_FILE, MANIFEST_FILE } from '#libs/ledger/embedded/backup.ts';
import { openEmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { systemClock } from '#libs/runtime/clock.ts';
import type { Settings } from '#libs/runtime/settings.ts';
import { evidenceOf } from '#libs/use-cases/evidence/sign-head.ts';
import { eraseAgain, erasedSince } from '#libs/use-cases/restore/erase-again.ts';
import { stage } from './open-ledger.ts';
import { withKeyring } from './with-keyring.ts';

export interface Restored {
  readonly restored: boolean;
  readonly backup: string;
  readonly madeAt: string;
  readonly position: string;
  readonly oneIds: number;
  /** Erased since the backup was made, and erased again. */
  readonly erasedAgain: number;
  readonly itemsRemovedAgain: number;
  /** Their key is gone, and still the One ID is not left without them. */
  readonly itemsLeftWithoutKey: number;
}

/**
 * Works on a copy beside, which takes the ledger's place once everybody who was erased since is erased there too: there is no
 * moment at which a start could serve them.
 */
export async function restore(settings: Settings, backup: string, really: boolean): Promise<Restored> {
  const { PALMLEDGER_DATA: dataDir } = settings;
  const place = join(dataDir, 'ledger');
  if (existsSync(join(place, LEDGER_FILE))) throw new CannotDo(`${place} holds a ledger; move it away first`);
  const manifest = await manifestOf(backup);
  const beside = join(dataDir, 'restoring');
  return withKeyring(settings, async (keyring) => {
    await rm(beside, { recursive: true, force: true });
    try {
      const head = await headOf(backup, keyring, dataDir);
      await stage(backup, beside);
      const told = await prepare(beside, keyring, head, really);
      if (really) await signHeadOver(beside, keyring, dataDir);
      if (really) await takePlace(beside, place, dataDir);
      const { id, madeAt, position } = manifest;
      return { restored: really, backup: id, madeAt, position, ...told };
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  });
}

async function manifestOf(backup: string): Promise<{ id: string; madeAt: string; position: string }> {
  const { id, madeAt, position, sha256 } = jsonIn(join(backup, MANIFEST_FILE));
  if ([id, madeAt, position, sha256].some((one) => typeof one !== 'string')) {
    throw new CannotDo(`${backup} is no backup of this version`);
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(backup, LEDGER_FILE)), hash);
  if (hash.digest('hex') !== sha256)
    throw new CannotDo(`${backup} is damaged: its ledger is not what its manifest says`);
  return { id, madeAt, position } as { id: string; madeAt: string; position: string };
}

async function headOf(backup: string, keyring: Keyring, dataDir: string): Promise<TreeHead> {
  if (!existsSync(join(dataDir, 'service-keys.sealed'))) {
    throw new CannotDo(`${dataDir} has no service-keys.sealed; it lies beside the keyring, bring both back`);
  }
  const { evidence } = await openServiceKeys(keyring, dataDir);
  try {
    return verifyHead((await readFile(join(backup, HEAD_FILE), 'utf8')).trim(), evidence.publicKey);
  } catch (error) {
    if (error instanceof EvidenceInvalid)
      throw new CannotDo(`the head of ${backup} was not signed by this folder's key`);
    throw error;
  }
}

async function prepare(dir: string, keyring: Keyring, head: TreeHead, really: boolean) {
  const ledger = await openEmbeddedLedger({ dir });
  try {
    await ledger.verify();
    await verifyLog(ledger, ledger, head).catch((error: unknown) => {
      if (error instanceof EvidenceInvalid)
        throw new CannotDo(`the backup is not what its head says: ${error.message}`);
      throw error;
    });
    const deps = { ledger, keyring, clock: systemClock };
    const since = await erasedSince(deps);
    const left = really ? await eraseAgain(deps, since) : 0;
    return {
      oneIds: since.seen,
      erasedAgain: since.oneIds.length,
      itemsRemovedAgain: since.items.length - left,
      itemsLeftWithoutKey: left,
    };
  } finally {
    await ledger.close();
  }
}

/** So that the next start knows what was erased again from what somebody took out. */
async function signHeadOver(dir: string, keyring: Keyring, dataDir: string): Promise<void> {
  const keys = await openServiceKeys(keyring, dataDir);
  const ledger = await openEmbeddedLedger({ dir });
  const tree = openTreeFile(join(dir, 'tree'));
  try {
    await evidenceOf({ ledger, keyring, keys, clock: systemClock }, tree, ledger).sign();
  } finally {
    tree.close();
    await ledger.close();
  }
}

/** Views and tree are made from the ledger: the ones that are there may be ahead of it. */
async function takePlace(beside: string, place: string, dataDir: string): Promise<void> {
  for (const made of ['tree', 'views']) await rm(join(dataDir, made), { recursive: true, force: true });
  await rm(place, { recursive: true, force: true });
  await rename(join(beside, 'ledger'), place);
  const folder = await open(dataDir, 'r');
  await folder.sync();
  await folder.close();
}

import { join } from 'node:path';
import { openTreeFile } from '#libs/evidence/tree-file.ts';
import { openServiceKeys } from '#libs/identity/service-keys.ts';
import { folderBackups } from '#libs/ledger/embedded/backup.ts';
import type { BackupMade } from '#libs/ledger/backup.ts';
import { systemClock } from '#libs/runtime/clock.ts';
import { newId } from '#libs/runtime/ids.ts';
import type { Settings } from '#libs/runtime/settings.ts';
import { evidenceOf } from '#libs/use-cases/evidence/sign-head.ts';
import { withLedger } from './open-ledger.ts';
import { withKeyring } from './with-keyring.ts';

/** A backup of a stopped folder: the same as of a running one. */
export async function backUpOffline(settings: Settings): Promise<BackupMade> {
  const { PALMLEDGER_DATA: dataDir, PALMLEDGER_BACKUPS: backupsDir } = settings;
  return withLedger(dataDir, (ledger) =>
    withKeyring(settings, async (keyring) => {
      const keys = await openServiceKeys(keyring, dataDir);
      const tree = openTreeFile(join(dataDir, 'tree'));
      const evidence = evidenceOf({ ledger, keyring, keys, clock: systemClock }, tree, ledger);
      const asked = { id: newId(), at: systemClock.now().toISOString(), signHead: () => evidence.sign() };
      try {
        return await folderBackups(backupsDir, ledger).make(asked);
      } finally {
        tree.close();
      }
    }),
  );
}

import { resolve } from 'node:path';
import { CannotDo } from '#libs/command-line/run-program.ts';
import { copyPlaces } from '#libs/keyring/file/copy-places.ts';
import { hasFileKeyring, openFileKeyring } from '#libs/keyring/file/open.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { Settings } from '#libs/runtime/settings.ts';

/** Today's keyring of a stopped folder. Never made anew here: an empty one would tell that everybody was erased. */
export async function withKeyring<T>(settings: Settings, work: (keyring: Keyring) => Promise<T>): Promise<T> {
  const [dataDir, keysDir] = [resolve(settings.PALMLEDGER_DATA), resolve(settings.PALMLEDGER_KEYS)];
  if (!(await hasFileKeyring(dataDir))) {
    throw new CannotDo(`${dataDir} has no keyring: a backup carries no keys, so bring today's keyring back first`);
  }
  const keyring = await openFileKeyring({
    dataDir,
    keysDir,
    replicas: copyPlaces(settings.PALMLEDGER_KEYRING_REPLICAS),
  });
  try {
    return await work(keyring);
  } finally {
    await keyring.close();
  }
}

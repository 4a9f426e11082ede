import { withLedger } from './open-ledger.ts';
import { offlineSettings } from './settings.ts';

/** What a stopped folder, or a backup, says without any key. Every record is read. */
export async function offlineStatus(folder: true | string) {
  return withLedger(folder === true ? offlineSettings().PALMLEDGER_DATA : folder, async (ledger, found) => {
    await ledger.verify();
    const [position, records, pruned] = await Promise.all([ledger.head(), ledger.size(), ledger.prunedCount()]);
    return {
      found,
      position: position.toString(),
      leaves: records.toString(),
      pruned: pruned.toString(),
      damage: 'none',
    };
  });
}

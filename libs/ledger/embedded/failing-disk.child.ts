import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { aRecord, records } from '../records.fixture.ts';
import { openEmbeddedLedger } from './open.ts';

/**
 * Puts another file in the place of the ledger's log under SQLite's feet: /dev/full has no room, /dev/null takes everything and fails to sync.
 * Says what an append then answers.
 */
const [dir, device] = process.argv.slice(2) as [string, string];
const ledger = await openEmbeddedLedger({ dir });
await ledger.append('visit-1', 'none', records(1));
for (const name of readdirSync('/proc/self/fd')) {
  if (!linkOf(name).endsWith('ledger.db-wal')) continue;
  closeSync(Number(name));
  openSync(device, 'r+');
}
// Larger than what is read before it is written.
const outcome = ledger.append('visit-1', 0n, [aRecord({ sealed: new Uint8Array(50_000) })]);
await outcome.then(
  () => process.stdout.write('written\n'),
  (error: Error) => process.stdout.write(`${error.name}\n`),
);
process.exit(0);

function linkOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return '';
  }
}

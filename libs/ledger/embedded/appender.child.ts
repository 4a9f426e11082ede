import { openEmbeddedLedger } from './open.ts';
import { aRecord } from '../records.fixture.ts';

/** Appends as fast as it can, several streams at once, and writes down each acknowledged id. Ends only by being killed. */
const [dir, round] = process.argv.slice(2) as [string, string];
const ledger = await openEmbeddedLedger({ dir, checkpointBytes: 256 * 1024 });
process.stdout.write('open\n');
const writers = Array.from({ length: 8 }, async (_, writer) => {
  const stream = `payment-${round}-${writer}`;
  for (let revision = -1n; ; revision++) {
    const record = aRecord({ sealed: Buffer.alloc(300, writer) });
    process.stdout.write(`try ${stream} ${revision} ${record.id}\n`);
    await ledger.append(stream, revision < 0n ? 'none' : revision, [record]);
    process.stdout.write(`done ${stream} ${record.id}\n`);
  }
});
await Promise.all(writers);

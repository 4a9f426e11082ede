import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aRecord } from '../records.fixture.ts';
import { readAllOf } from '../ledger.contract-reading.ts';
import { openEmbeddedLedger } from './open.ts';

describe('a pruned stream', () => {
  it('leaves no byte of itself in any file, while the ledger runs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ledger-'));
    const ledger = await openEmbeddedLedger({ dir });
    const streams = Array.from({ length: 40 }, (_, number) => `oneId-planted${number}x`);
    for (let revision = -1n; revision < 30n; revision++)
      await Promise.all(
        streams.map((stream, number) => {
          const size = Number(revision + 2n) * ((number % 5) + 1) * 10;
          const sealed = Buffer.from(`sealed-of-${stream};`.repeat(size / 10));
          const record = aRecord({ clear: `{"of":"clear-of-${stream}"}`, sealed });
          return ledger.append(stream, revision < 0n ? 'none' : revision, [record]);
        }),
      );
    for (const stream of streams) await ledger.snapshots.save(stream, 'f', 1n, `{"of":"snapshot-of-${stream}"}`);
    const gone = streams.filter((_, number) => number % 3 !== 0);
    for (const stream of gone) expect(await ledger.prune(stream)).toEqual({ records: 31 });

    const copy = join(dir, 'copy');
    execFileSync('cp', ['-r', join(dir, 'ledger'), copy]);
    const bytes = Buffer.concat(readdirSync(copy).map((name) => readFileSync(join(copy, name))));
    const found = streams.filter((stream) => bytes.includes(stream));
    expect(found).toEqual(streams.filter((stream) => !gone.includes(stream)));
    expect(await readAllOf(ledger, { after: 0n, limit: 100 })).toHaveLength(31 * found.length);
    await ledger.verify();
    await ledger.close();
    rmSync(dir, { recursive: true });
  });
});

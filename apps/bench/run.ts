import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchLedger } from './ledger.ts';
import { row, type Measured } from './measured.ts';
import { benchSealing } from './sealing.ts';

const BENCHES: Readonly<Record<string, (folder: string) => Promise<Measured[]>>> = {
  ledger: benchLedger,
  sealing: benchSealing,
};

/** `npm run bench [-- ledger | sealing]`: every figure beside a peer of the same run. Absolute ones say nothing about another machine. */
export async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    process.stderr.write(`bench: there is no ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(
    `${''.padEnd(46)} ${'ours /s'.padStart(12)} ${'peer /s'.padStart(12)} ${'ratio'.padStart(7)}   aim\n`,
  );
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const folder = mkdtempSync(join(tmpdir(), 'palmledger-bench-'));
    try {
      for (const measured of await bench(folder)) process.stdout.write(`${row(measured)}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

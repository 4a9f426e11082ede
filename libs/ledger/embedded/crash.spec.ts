import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LedgerLocked, StorageFull } from '../errors.ts';
import { collect } from '../ledger.contract-reading.ts';
import type { Ledger } from '../port.ts';
import { readWhole } from '../read-whole.ts';
import { aRecord, idsOf, records } from '../records.fixture.ts';
import { openEmbeddedLedger } from './open.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ledger-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const child = (name: string): string => fileURLToPath(new URL(`./${name}.child.ts`, import.meta.url));

/** Runs the appender until it has acknowledged this many, then kills it. What it said. */
async function appendAndKill(round: number, enough: number): Promise<string[]> {
  const process_ = spawn(process.execPath, [child('appender'), dir, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  process_.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    if (said.split('\ndone').length > enough) process_.kill('SIGKILL');
  });
  await new Promise((resolve) => process_.on('close', resolve));
  return said.split('\n');
}

async function streamsOf(ledger: Ledger, rounds: number): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (let round = 0; round < rounds; round++)
    for (let writer = 0; writer < 8; writer++) {
      const stream = `payment-${round}-${writer}`;
      found.set(stream, idsOf(await collect(readWhole(ledger, stream))));
    }
  return found;
}

describe('kill -9 under load', () => {
  it('loses no acknowledged append, and a repeat of the unanswered ones takes effect once', async () => {
    const said: string[] = [];
    for (const [round, enough] of [40, 300, 111].entries()) said.push(...(await appendAndKill(round, enough)));
    const ledger = await openEmbeddedLedger({ dir });
    const before = await streamsOf(ledger, 3);
    const acknowledged = said.flatMap((line) => (/^done (\S+) (\S+)$/.exec(line) ? [line.split(' ').slice(1)] : []));
    expect(acknowledged.length).toBeGreaterThan(400);
    for (const [stream, id] of acknowledged) expect(before.get(stream!)!.filter((each) => each === id)).toHaveLength(1);

    const answered = new Set(acknowledged.map(([, id]) => id));
    const open = said.flatMap((line) => /^try (\S+) (\S+) (\S{36})$/.exec(line)?.slice(1) ?? []);
    for (let at = 0; at < open.length; at += 3) {
      const [stream, revision, id] = open.slice(at, at + 3) as [string, string, string];
      if (answered.has(id)) continue;
      const expected = revision === '-1' ? 'none' : BigInt(revision);
      await ledger.append(stream, expected, [aRecord({ id })]);
    }
    const tried = open.filter((_, at) => at % 3 === 2).toSorted();
    expect([...(await streamsOf(ledger, 3)).values()].flat().toSorted()).toEqual(tried);
    await ledger.close();
  });
});

describe('two on one folder', () => {
  it('refuses the second, and takes the next once the first is closed', async () => {
    const first = await openEmbeddedLedger({ dir });
    await expect(openEmbeddedLedger({ dir })).rejects.toBeInstanceOf(LedgerLocked);
    await first.close();
    await (await openEmbeddedLedger({ dir })).close();
  });

  it('refuses a second process until the first is killed', async () => {
    const holder = spawn(process.execPath, [child('appender'), dir, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    holder.stdout.resume();
    await expect(openEmbeddedLedger({ dir })).rejects.toBeInstanceOf(LedgerLocked);
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('close', resolve));
    await (await openEmbeddedLedger({ dir })).close();
  });
});

describe('a full disk', () => {
  it('refuses an append whole, keeps what was there, and goes on once there is room', async () => {
    const full = await openEmbeddedLedger({ dir, maxPages: 80 });
    let revision = -1n;
    const append = (ledger: Ledger) =>
      ledger.append('visit-1', revision < 0n ? 'none' : revision, records(3, { sealed: new Uint8Array(20_000) }));
    const refusal = await (async () => {
      for (;;) ({ revision } = await append(full));
    })().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StorageFull);
    expect(revision).toBeGreaterThan(0n);
    expect((await full.readStream('visit-1')).at(-1)!.revision).toBe(revision);
    await full.close();
    const roomy = await openEmbeddedLedger({ dir });
    expect((await append(roomy)).revision).toBe(revision + 3n);
    await roomy.close();
  });

  const onLinux = existsSync('/proc/self/fd') && existsSync('/dev/full') ? it : it.skip;
  const appendOnto = (device: string) =>
    spawnSync(process.execPath, [child('failing-disk'), dir, device], { encoding: 'utf8' });

  onLinux('refuses where the log itself finds no room', async () => {
    expect(appendOnto('/dev/full')).toMatchObject({ status: 0, stdout: 'StorageFull\n' });
    const ledger = await openEmbeddedLedger({ dir });
    expect(await ledger.readStream('visit-1')).toHaveLength(1);
    await ledger.close();
  });

  onLinux('ends the process where a sync fails, since nobody knows what was written', async () => {
    const ended = appendOnto('/dev/null');
    expect(ended.status).toBe(70);
    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain('nobody knows what was written');
    const ledger = await openEmbeddedLedger({ dir });
    expect(await ledger.readStream('visit-1')).toHaveLength(1);
    await ledger.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerDamaged } from '../errors.ts';
import { readAllOf } from '../ledger.contract-reading.ts';
import { aRecord, asNew, records } from '../records.fixture.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from './open.ts';
import { readerOf } from './reader.ts';
import { openForReading } from './schema.ts';
import { naming } from './sqlite-errors.ts';
import { verifyWhole } from './verifying.ts';

const PAGE = 4096;
const STREAMS = ['oneId-a', 'payment-b', 'visit-c'];
let folder: string;
let dir: string;
let file: string;
let written: Record<string, unknown>[];

/** A small ledger, closed, whose records of `payment-b` carry a text to find them by. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  dir = join(folder, 'data');
  file = join(dir, 'ledger', 'ledger.db');
  const ledger = await openEmbeddedLedger({ dir });
  for (const [number, stream] of STREAMS.entries()) {
    await ledger.append(stream, 'none', records(20));
    await ledger.append(stream, 19n, [aRecord({ clear: `{"note":"planted ${number}"}` })]);
  }
  written = (await readAllOf(ledger, { after: 0n, limit: 500 })).map(asNew);
  await ledger.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

function alter(change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
}

async function opened<T>(use: (ledger: EmbeddedLedger) => Promise<T>): Promise<T> {
  const ledger = await openEmbeddedLedger({ dir });
  return use(ledger).finally(() => ledger.close());
}

describe('a flipped byte', () => {
  it.each(['planted 1', 'TransactionOpened', '2026-11-24T15:00:00.000Z', 'payment-b'])(
    'in %p is named by its position, and the record is not served',
    async (text) => {
      alter((bytes) => {
        for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at + 2]! ^= 1;
      });
      await opened(async (ledger) => {
        const error = await readAllOf(ledger, { after: 0n, limit: 500 }).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(LedgerDamaged);
        expect((error as LedgerDamaged).position).toBeDefined();
      });
    },
  );

  it('leaves the other streams readable', async () => {
    alter((bytes) => (bytes[bytes.indexOf('planted 1')]! ^= 1));
    await opened(async (ledger) => {
      expect(await ledger.readStream('visit-c')).toHaveLength(21);
      await expect(ledger.readStream('payment-b')).rejects.toMatchObject({ name: 'LedgerDamaged', position: 42n });
      expect(await ledger.readStream('payment-b', { limit: 20 })).toHaveLength(20);
    });
  });
});

describe('anything altered', () => {
  /** What was written and nothing else, or damage that is named. */
  function outcome(): 'named' | 'harmless' {
    try {
      const db = naming(() => openForReading(file));
      try {
        const reader = naming(() => readerOf(db));
        expect(reader.readAll({ after: 0n, limit: 500 }).records.map(asNew)).toEqual(written);
        const pages = STREAMS.flatMap((stream) => reader.readStream(stream, {}));
        // A stream that an index no longer finds: verifying tells.
        if (pages.length < written.length) verifyWhole(file);
        expect(pages.map(asNew)).toEqual(written);
      } finally {
        db.close();
      }
      return 'harmless';
    } catch (error) {
      if (error instanceof LedgerDamaged) return 'named';
      throw error;
    }
  }

  it('is named, for every page that is zeroed', () => {
    const good = readFileSync(file);
    const outcomes: string[] = [];
    for (let page = 0; page * PAGE < good.length; page++) {
      writeFileSync(file, good);
      alter((bytes) => bytes.fill(0, page * PAGE, (page + 1) * PAGE));
      outcomes.push(outcome());
    }
    expect(outcomes.filter((each) => each === 'named').length).toBeGreaterThan(8);
  });

  it('is named or changes nothing, for bytes flipped anywhere', () => {
    const good = readFileSync(file);
    for (let flip = 0; flip < 150; flip++) {
      writeFileSync(file, good);
      const at = (flip * 7919 * 31) % good.length;
      alter((bytes) => (bytes[at]! ^= 1 << (flip % 8)));
      outcome();
    }
  });

  it.each([0, 100, PAGE, 3 * PAGE, 5 * PAGE + 1])('is named, for a file cut to %p bytes', async (bytes) => {
    truncateSync(file, bytes);
    await expect(opened(async (ledger) => ledger.verify())).rejects.toBeInstanceOf(LedgerDamaged);
  });
});

describe('acknowledged records that are missing', () => {
  it('are noticed at the next start where the log was cut, or has a flipped byte', async () => {
    const killed = join(folder, 'killed');
    const ledger = await openEmbeddedLedger({ dir });
    await ledger.append('oneId-a', 20n, records(1));
    await ledger.append('oneId-a', 21n, records(1));
    // By another process: opening and closing these files in this one would drop SQLite's locks.
    execFileSync('cp', ['-r', dir, killed]);
    await ledger.close();
    const log = join(killed, 'ledger', 'ledger.db-wal');
    const good = readFileSync(log);
    expect(existsSync(log) && statSync(log).size).toBeGreaterThan(PAGE);
    const bad = Buffer.from(good);
    bad[good.length - 100]! ^= 1;
    for (const bytes of [good.subarray(0, good.length - PAGE), bad, Buffer.alloc(0)]) {
      writeFileSync(log, bytes);
      await expect(openEmbeddedLedger({ dir: killed })).rejects.toBeInstanceOf(LedgerDamaged);
    }
    writeFileSync(log, good);
    await (await openEmbeddedLedger({ dir: killed })).close();
  });

  it('are noticed where an older file was put in place', async () => {
    const older = readFileSync(file);
    await opened((ledger) => ledger.append('oneId-a', 20n, records(1)));
    writeFileSync(file, older);
    await expect(openEmbeddedLedger({ dir })).rejects.toThrow('was acknowledged');
  });
});

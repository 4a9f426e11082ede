import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerClosed, RemovalUnfinished } from '../errors.ts';
import { readAllOf } from '../ledger.contract-reading.ts';
import { idsOf, records } from '../records.fixture.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from './open.ts';

let dir: string;
let ledger: EmbeddedLedger;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ledger-'));
  ledger = await openEmbeddedLedger({ dir, positionStep: 5, checkpointBytes: 64 * 1024 });
});
afterEach(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true });
});

describe('opened again', () => {
  it('has everything, and goes on in the same steps', async () => {
    const appended = records(3);
    await ledger.append('visit-1', 'none', appended);
    await ledger.snapshots.save('visit-1', 'visit@1', 2n, '{}');
    await ledger.append('claim-1', 'none', records(1), { keepUntil: '2026-11-27T15:00:00.000Z' });
    await ledger.prune('visit-0');
    await ledger.close();
    ledger = await openEmbeddedLedger({ dir, positionStep: 1 });
    expect(idsOf(await ledger.readStream('visit-1'))).toEqual(idsOf(appended));
    expect(await ledger.readStream('claim-1')).toHaveLength(1);
    expect(await ledger.snapshots.load('visit-1', 'visit@1')).toEqual({ revision: 2n, state: '{}' });
    await expect(ledger.append('visit-0', 'none', records(1))).rejects.toThrow('pruned');
    expect(await ledger.append('visit-1', 2n, records(1))).toEqual({ revision: 3n, position: 20n });
  });

  it('gives no position twice, also where the last records were pruned', async () => {
    const { position } = await ledger.append('oneId-1', 'none', records(3));
    await ledger.prune('oneId-1');
    await ledger.close();
    ledger = await openEmbeddedLedger({ dir });
    expect(await ledger.head()).toBe(position);
    expect((await ledger.append('oneId-2', 'none', records(1))).position).toBe(position + 5n);
  });
});

describe('closing', () => {
  it('first does what was asked before, then takes nothing more and ends subscriptions', async () => {
    const before = Array.from({ length: 20 }, (_, n) => ledger.append(`visit-${n}`, 'none', records(1)));
    const following = ledger.subscribe({ after: 0n, signal: new AbortController().signal }, async () => undefined);
    const ended = expect(following).rejects.toBeInstanceOf(LedgerClosed);
    await ledger.close();
    expect(await Promise.all(before)).toHaveLength(20);
    await ended;
    await expect(ledger.append('visit-a', 'none', records(1))).rejects.toBeInstanceOf(LedgerClosed);
    await expect(ledger.readStream('visit-1')).rejects.toBeInstanceOf(LedgerClosed);
    await expect(ledger.head()).rejects.toBeInstanceOf(LedgerClosed);
  });
});

describe('a copy', () => {
  it('is a whole ledger of one moment, made while others append', async () => {
    await ledger.append('visit-1', 'none', records(300));
    const copies = mkdtempSync(join(tmpdir(), 'ledger-'));
    mkdirSync(join(copies, 'ledger'));
    const copying = ledger.copyTo(join(copies, 'ledger', 'ledger.db'));
    const appending = Array.from({ length: 50 }, (_, n) => ledger.append(`visit-more-${n}`, 'none', records(1)));
    await Promise.all([copying, ...appending]);
    const copy = await openEmbeddedLedger({ dir: copies });
    await copy.verify();
    expect(await copy.readStream('visit-1')).toHaveLength(300);
    await copy.close();
    rmSync(copies, { recursive: true });
  });
});

describe('the log', () => {
  it('is moved into the main file by its size', async () => {
    for (let n = 0; n < 120; n++)
      await ledger.append(`visit-${n}`, 'none', records(2, { sealed: new Uint8Array(3000) }));
    expect(statSync(join(dir, 'ledger', 'ledger.db-wal')).size).toBeLessThan(400 * 1024);
    expect(statSync(join(dir, 'ledger', 'ledger.db')).size).toBeGreaterThan(400 * 1024);
  });

  it('must be empty before a pruned stream counts as removed', async () => {
    await ledger.append('oneId-1', 'none', records(3));
    const reading = new Database(join(dir, 'ledger', 'ledger.db'), { readonly: true });
    reading.exec('BEGIN');
    reading.prepare('SELECT count(*) FROM records').get();
    await expect(ledger.prune('oneId-1')).rejects.toBeInstanceOf(RemovalUnfinished);
    reading.close();
    expect(await ledger.prune('oneId-1')).toEqual({ records: 3 });
    expect(statSync(join(dir, 'ledger', 'ledger.db-wal')).size).toBe(0);
  });
});

describe('a damaged snapshot', () => {
  it('counts as none: it is folded anew', async () => {
    await ledger.append('visit-1', 'none', records(1));
    await ledger.snapshots.save('visit-1', 'visit@1', 0n, '{"total":1}');
    await ledger.close();
    const db = new Database(join(dir, 'ledger', 'ledger.db'));
    db.exec(`UPDATE snapshots SET state = '{"total":2}'`);
    db.close();
    ledger = await openEmbeddedLedger({ dir });
    expect(await ledger.snapshots.load('visit-1', 'visit@1')).toBeUndefined();
    expect(await readAllOf(ledger, { after: 0n, limit: 10 })).toHaveLength(1);
  });
});

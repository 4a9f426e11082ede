import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerContradicted } from '#libs/evidence/errors.ts';
import { openTreeFile, type Tree } from '#libs/evidence/tree-file.ts';
import { fileWitness } from '#libs/evidence/witness-file/file-witness.ts';
import type { Witness } from '#libs/evidence/witness.ts';
import { openEmbeddedLedger, type EmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { aRecord, records } from '#libs/ledger/records.fixture.ts';
import { leafHash } from '#libs/ledger/leaf.ts';
import { openHouse, type House } from '#libs/testing/house.ts';
import { until } from '#libs/testing/works.ts';
import { acceptRestored } from './accept-restored.ts';
import { checkLedger } from './check-ledger.ts';
import { keepVerified } from './keep-verified.ts';
import { showWitness } from './show-witness.ts';
import { evidenceOf, type Evidence } from './sign-head.ts';

let house: House;
let place: string;
let folder: string;
let ledger: EmbeddedLedger;
let tree: Tree;
let witness: Witness;
let evidence: Evidence;
const keys = () => house.parts.keys;
const names = { ledger: './data', witness: './witness' };

/** A ledger beside the house's, so that its file can be changed while it is closed. */
beforeAll(async () => {
  house = await openHouse({ reader: { read: () => Promise.reject(new Error('none')), close: async () => {} } });
});
afterAll(() => house.close());
beforeEach(async () => {
  place = mkdtempSync(join(house.folder, 'place-'));
  folder = join(place, 'data');
  witness = fileWitness(join(place, 'witness'), keys().evidence.publicKey);
  await open();
});
afterEach(() => close());

async function open(): Promise<void> {
  ledger = await openEmbeddedLedger({ dir: folder });
  tree = openTreeFile(join(folder, 'tree'));
  const show = showWitness({ witness, tree, publicKey: keys().evidence.publicKey, failed: () => {} });
  evidence = evidenceOf({ ...house.parts, ledger }, tree, ledger, show);
}
async function close(): Promise<void> {
  tree.close();
  await ledger.close();
}
/** As root, while it is stopped. */
async function whileStopped(change: () => void): Promise<void> {
  await close();
  change();
  await open();
}
function edit(sql: string, ...values: readonly unknown[]): void {
  const db = new Database(join(folder, 'ledger', 'ledger.db'));
  db.prepare(sql).run(...values);
  db.close();
}
const check = () => checkLedger({ deps: { ledger, keys: keys() }, tree, log: ledger, witness, names });
const copyTo = (name: string) => cpSync(folder, join(place, name), { recursive: true });
const copyFrom = (name: string) => {
  rmSync(folder, { recursive: true });
  cpSync(join(place, name), folder, { recursive: true });
};

describe('A ledger at its start', () => {
  it('given nothing, or what it was, is taken; the witness agrees', async () => {
    expect(await check()).toEqual({ head: undefined, witness: 'agrees' });
    await ledger.append('visit-a', 'none', records(30));
    const signed = await evidence.sign();
    await ledger.append('visit-b', 'none', records(5));
    await whileStopped(() => {});
    expect(await check()).toMatchObject({ head: { number: 1n, signed }, witness: 'agrees' });
    expect(await witness.last()).toBe(signed);
  });

  it('given a tree that is lost or damaged, makes it anew', async () => {
    await ledger.append('visit-a', 'none', records(30));
    await evidence.sign();
    const root = tree.root(30n);
    await whileStopped(() => writeFileSync(join(folder, 'tree'), Buffer.alloc(64 * 32, 1)));
    await check();
    expect(tree.root(30n)).toEqual(root);
    await whileStopped(() => rmSync(join(folder, 'tree')));
    await check();
    expect(tree.root(30n)).toEqual(root);
  });

  it('given an older copy, or one that was cut, is refused in one line that says what to do', async () => {
    await ledger.append('visit-a', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyTo('backup'));
    await ledger.append('visit-b', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyFrom('backup'));
    const refused = await check().catch((error: unknown) => error as Error);
    expect(refused).toBeInstanceOf(LedgerContradicted);
    expect((refused as Error).message).toMatch(/older copy: 31 records, but its witness .*61.*two admins/);
    expect((refused as Error).message).not.toContain('\n');
  });

  it('given one that went on otherwise from an older copy, is refused by the witness when it starts, and when it signs', async () => {
    await ledger.append('visit-a', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyTo('backup'));
    await ledger.append('visit-b', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyFrom('backup'));
    await ledger.append('visit-c', 'none', records(60));
    await expect(evidence.sign()).rejects.toBeInstanceOf(LedgerContradicted);
    await expect(check()).rejects.toThrow('forked');
  });

  it('given an older copy that two admins accept, the witness begins anew with it', async () => {
    await ledger.append('visit-a', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyTo('backup'));
    await ledger.append('visit-b', 'none', records(30));
    await evidence.sign();
    await whileStopped(() => copyFrom('backup'));
    const quiet = evidenceOf({ ...house.parts, ledger }, tree, ledger);
    const at = '2026-11-24T15:00:00.000Z';
    await expect(acceptRestored(quiet, witness, { by: ['a', 'a'], at })).rejects.toBeInstanceOf(LedgerContradicted);
    await expect(check()).rejects.toBeInstanceOf(LedgerContradicted);
    await acceptRestored(quiet, witness, { by: ['a', 'b'], at });
    expect(await check()).toMatchObject({ witness: 'agrees' });
    await ledger.append('visit-c', 'none', records(3));
    await evidence.sign();
  });

  it('given a last head that the key did not sign, or another ledger’s witness, is refused', async () => {
    await ledger.append('visit-a', 'none', records(30));
    await evidence.sign();
    const foreign = fileWitness(join(place, 'foreign'), keys().evidence.publicKey);
    writeFileSync(join(place, 'witness', 'head.json'), '{"head":{},"signature":"x"}');
    await expect(check()).rejects.toThrow('PALMLEDGER_WITNESS');
    witness = foreign;
    expect(await check()).toMatchObject({ witness: 'begins' });
    const head = aRecord({ type: 'HeadSigned', clear: '{"signed":"{}"}' });
    await ledger.append('head-2', 'none', [head]);
    await expect(check()).rejects.toThrow('did not sign');
  });

  it('given records taken out as if they had been pruned, is refused; given an erasure under way, is taken', async () => {
    await ledger.append('oneId-a', 'none', records(5));
    await ledger.append('erasure-a', 'none', [aRecord({ type: 'KeysDestroyed' })]);
    await evidence.sign();
    await ledger.prune('oneId-a');
    await whileStopped(() => {});
    await check();
    const done = aRecord({ type: 'StreamPruned' });
    await ledger.append('erasure-a', 0n, [done]);
    await check();
    await evidence.sign();
    await ledger.append('oneId-b', 'none', records(5));
    const before = await evidence.sign();
    await ledger.prune('oneId-b');
    await whileStopped(() => copyTo('pruned'));
    const after = await evidence.sign();
    expect(after).not.toBe(before);
    expect(await evidence.sign()).toBe(after);
    await check();
    await whileStopped(() => copyFrom('pruned'));
    witness = fileWitness(join(place, 'third'), keys().evidence.publicKey);
    await whileStopped(() => {});
    await expect(check()).rejects.toThrow('no erasure has pruned');
  });

  it('given a clock that was set back, signs heads whose times still rise', async () => {
    const deps = { ...house.parts, ledger };
    const at = (time: string) => evidenceOf({ ...deps, clock: { now: () => new Date(time) } }, tree, ledger);
    await ledger.append('visit-a', 'none', records(3));
    const late = JSON.parse(await at('2030-01-01T00:00:00.000Z').sign()) as { head: { at: string } };
    await ledger.append('visit-a', 2n, records(3));
    const next = JSON.parse(await at('2026-01-01T00:00:00.000Z').sign()) as { head: { at: string } };
    expect(next.head.at).toBe(late.head.at);
  });
});

describe('A ledger that is verified while it runs', () => {
  function verify(verifyStore: (signal: AbortSignal) => Promise<void> = (signal) => ledger.verify(signal)) {
    const ending = new AbortController();
    const deps = { ...house.parts, ledger };
    const kept = keepVerified({ deps, log: ledger, evidence, verifyStore, signal: ending.signal, pauseMs: 0 });
    const end = kept.end.then(
      () => undefined,
      (error: unknown) => error,
    );
    return { ...kept, end, stop: () => ending.abort() };
  }

  it('given what it was, and streams pruned meanwhile, says so, with its progress', async () => {
    for (let number = 0; number < 20; number++) await ledger.append(`oneId-${number}`, 'none', records(30));
    const pruning = ledger.prune('oneId-19');
    const verification = verify();
    await pruning;
    await until(async () => verification.status().state === 'verified');
    expect(verification.status()).toMatchObject({ done: '600', of: '600', verifiedAt: expect.any(String) });
    verification.stop();
    expect(await verification.end).toBeUndefined();
  });

  it('given a record that root changed together with its leaf, ends, and names it', async () => {
    await ledger.append('visit-a', 'none', [aRecord({ clear: '{"amount":100}' }), ...records(2_000)]);
    const [first] = await ledger.readStream('visit-a', { limit: 1 });
    await evidence.sign();
    await whileStopped(() => {
      const clear = '{"amount":999}';
      const leaf = leafHash('visit-a', { ...first!, clear });
      edit('UPDATE records SET clear = ?, leaf = ? WHERE position = 1', clear, leaf);
    });
    await check();
    const verification = verify();
    expect(await verification.end).toBeInstanceOf(LedgerContradicted);
    expect(verification.status()).toMatchObject({ state: 'contradicted', found: expect.stringContaining('root') });
  });

  it('given a record that rotted, names its place, and goes on', async () => {
    await ledger.append('visit-a', 'none', records(2_000));
    await evidence.sign();
    await whileStopped(() => edit('UPDATE records SET clear = ? WHERE position = 7', '{"number":-1}'));
    await check();
    const verification = verify();
    await until(async () => verification.status().state === 'damaged');
    expect(verification.status().found).toContain('7');
    verification.stop();
    expect(await verification.end).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { records } from '../records.fixture.ts';
import { folderBackups, LEDGER_FILE } from './backup.ts';
import { openEmbeddedLedger } from './open.ts';

const AT = '2026-11-24T15:00:00.000Z';

describe('Backups in a folder', () => {
  it('hold a ledger that opens by itself, a head, and no half-made one; asked for twice, they are one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'backups-'));
    const ledger = await openEmbeddedLedger({ dir: join(folder, 'data') });
    await ledger.append('payment-one', 'none', records(3));
    const backups = folderBackups(join(folder, 'backups'), ledger);
    let signed = 0;
    const asked = { id: 'first', at: AT, signHead: async () => `head ${(signed += 1)}` };
    const made = await backups.make(asked);
    await ledger.append('payment-two', 'none', records(1));
    expect(await backups.make(asked)).toEqual(made);
    mkdirSync(join(folder, 'backups', 'cut-off.half'));
    expect(await backups.list()).toEqual([made]);
    expect(made).toMatchObject({ id: 'first', madeAt: AT, head: 'head 1', position: '3' });
    expect(readdirSync(join(folder, 'backups', 'first')).sort()).toEqual(['backup.json', 'head.json', LEDGER_FILE]);
    mkdirSync(join(folder, 'restored', 'ledger'), { recursive: true });
    renameSync(join(folder, 'backups', 'first', LEDGER_FILE), join(folder, 'restored', 'ledger', LEDGER_FILE));
    const restored = await openEmbeddedLedger({ dir: join(folder, 'restored') });
    await restored.verify();
    expect(await restored.head()).toBe(3n);
    expect(readFileSync(join(folder, 'backups', 'first', 'head.json'), 'utf8')).toBe('head 1\n');
    await restored.close();
    await ledger.close();
    rmSync(folder, { recursive: true });
  });
});

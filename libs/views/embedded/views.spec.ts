import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ViewDamaged } from '../errors.ts';
import { describeViews, paid, purchase, took } from '../views.contract.ts';
import { openEmbeddedViews } from './views.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'palmledger-views-'));

describeViews('SQLite', () => {
  const folder = newFolder();
  return {
    open: () => openEmbeddedViews({ folder }),
    reopen: async (views) => {
      await views.close();
      return openEmbeddedViews({ folder });
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

describe('The file of the views', () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const files = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.db'));
  const filled = async () => {
    const views = await openEmbeddedViews({ folder });
    const rows = Array.from({ length: 50 }, (_, index) => paid(purchase(`p${index}`, BigInt(index + 1))));
    await took(views, rows, 50n);
    return views;
  };

  it('is dropped where its form is another', async () => {
    await (await filled()).close();
    const db = new Database(join(folder, files()[0]!));
    db.pragma('user_version = 9999');
    db.close();
    const views = await openEmbeddedViews({ folder });
    expect(await views.progress('topics')).toBeUndefined();
    expect(await views.purchases.byPayment(['p1'])).toEqual([]);
    expect(files()).toHaveLength(1);
    await views.close();
  });

  it('is dropped where it is no file of SQLite any more', async () => {
    await (await filled()).close();
    const file = join(folder, files()[0]!);
    overwrite(file, 0, Buffer.alloc(statSync(file).size));
    const views = await openEmbeddedViews({ folder });
    expect(await views.progress('topics')).toBeUndefined();
    await views.close();
  });

  it('serves no row that is not what was written, says so once, and is not used again', async () => {
    await (await filled()).close();
    const file = join(folder, files()[0]!);
    // The last digit of one amount, changed where no structure of SQLite's notices.
    const at = readFileSync(file).indexOf('"payment":"p7"');
    const amount = readFileSync(file).indexOf('"amount":1250', at) + '"amount":125'.length;
    overwrite(file, amount, Buffer.from('9'));
    let told = 0;
    const views = await openEmbeddedViews({ folder, onDamaged: () => (told += 1) });
    await expect(views.purchases.byPayment(['p7'])).rejects.toThrow(ViewDamaged);
    await expect(views.purchases.byPayment(['p7'])).rejects.toThrow(ViewDamaged);
    expect(await views.purchases.byPayment(['p8'])).toHaveLength(1);
    expect((await views.status()).damaged).toBe(true);
    expect(told).toBe(1);
    await views.close();
    const anew = await openEmbeddedViews({ folder });
    expect(await anew.progress('topics')).toBeUndefined();
    await anew.close();
  });

  it('holds nothing of what was purged', async () => {
    const views = await openEmbeddedViews({ folder });
    const ciphertext = Buffer.from('sealed-member-of-somebody');
    await took(views, [paid(purchase('p1', 1n, { member: { eventId: 'e1', ciphertext } }))], 1n);
    const holds = (): boolean =>
      readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes(ciphertext));
    expect(holds()).toBe(true);
    await views.purge(['p1']);
    expect(holds()).toBe(false);
    await views.close();
  });

  it('leaves no older generation behind', async () => {
    const views = await filled();
    const next = await views.rebuild();
    await took(next, [], 50n);
    expect(files()).toHaveLength(2);
    await next.swap();
    expect(files()).toHaveLength(1);
    await views.rebuild();
    await views.close();
    await (await openEmbeddedViews({ folder })).close();
    expect(files()).toHaveLength(1);
  });
});

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

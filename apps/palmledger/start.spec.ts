import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { records } from '#libs/ledger/records.fixture.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { start, type Running } from './start.ts';

let folder: string;
let running: Running;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  running = await start(
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'data'),
      PALMLEDGER_KEYS: join(folder, 'keys'),
      PALMLEDGER_OUTBOX: join(folder, 'outbox'),
      PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'silent',
    }),
  );
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a started process', () => {
  it('says that it lives', async () => {
    const answer = await fetch(`${running.url}/health/live`);
    expect(await answer.json()).toEqual({ status: 'live' });
  });

  it('given an unsigned request of a device, refuses it with problem details', async () => {
    const answer = await fetch(`${running.url}/device/v1/heartbeats`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      type: 'urn:palmledger:problem:device-not-trusted',
      reason: 'unsigned',
    });
  });

  it.each([
    ['/nowhere', 'GET', undefined, 404],
    ['/device/v1/activations', 'POST', '{"code":', 400],
    ['/device/v1/activations', 'POST', '{}', 422],
    ['/device/v1/activations', 'POST', 'x'.repeat(300_000), 413],
  ])('given nonsense at %s, answers with a problem and no stack', async (path, method, body, status) => {
    const answer = await fetch(running.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ status });
    expect(text).not.toMatch(/node_modules|\.ts|\.js/);
  });
});

describe('a process that starts', () => {
  const settings = (change: Record<string, string>) =>
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'second', 'data'),
      PALMLEDGER_KEYS: join(folder, 'second', 'keys'),
      PALMLEDGER_OUTBOX: join(folder, 'second', 'outbox'),
      PALMLEDGER_CARD_NETWORK: join(folder, 'second', 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'second', 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'silent',
      ...change,
    });

  it('given a witness inside the data folder, says where to put it', async () => {
    const inside = settings({ PALMLEDGER_WITNESS: join(folder, 'second', 'data', 'witness') });
    await expect(start(inside)).rejects.toMatchObject({
      name: 'FolderRefused',
      message: expect.stringContaining('PALMLEDGER_WITNESS'),
    });
  });

  it('given a ledger older than what its witness has seen, serves nothing and says what to do', async () => {
    const data = join(folder, 'second', 'data');
    await (await start(settings({}))).stop();
    cpSync(join(data, 'ledger'), join(folder, 'older'), { recursive: true });
    const second = await start(settings({}));
    await second.parts.ledger.append('visit-a', 'none', records(3));
    await second.stop();
    rmSync(join(data, 'ledger'), { recursive: true });
    cpSync(join(folder, 'older'), join(data, 'ledger'), { recursive: true });
    await expect(start(settings({}))).rejects.toMatchObject({
      name: 'LedgerContradicted',
      message: expect.stringMatching(/older copy.*two admins/),
    });
    const other = settings({ PALMLEDGER_WITNESS: join(folder, 'second', 'other-witness') });
    await (await start(other)).stop();
  }, 20_000);
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

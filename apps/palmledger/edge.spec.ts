import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '#libs/runtime/settings.ts';
import { start, type Running } from './start.ts';

let folder: string;
let running: Running;
const logFile = (): string => join(folder, 'logs', 'palmledger.log');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-'));
  running = await start(
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'data'),
      PALMLEDGER_KEYS: join(folder, 'keys'),
      PALMLEDGER_OUTBOX: join(folder, 'outbox'),
      PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'debug',
      PALMLEDGER_LOG_FILE: logFile(),
    }),
  );
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(running.url + path, { headers });
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(running.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(25);
  }
  throw new Error('not in time');
}

describe('a process that is watched', () => {
  it('is ready once all its parts have caught up, and names them', async () => {
    const ready = await until(async () => {
      const answer = await get('/health/ready');
      return answer.ok ? answer.json() : undefined;
    });
    expect(ready).toEqual({ status: 'ready', parts: ['ledger', 'recognition', 'views', 'contacts', 'keyring'] });
  });

  it('measures itself, by route pattern and never by path', async () => {
    const payment = 'mmmmmmmmmmmmmmmmmmmmmmmmmm';
    await get(`/device/v1/payments/${payment}?secret=1`);
    const text = await until(async () => {
      const metrics = await (await get('/metrics')).text();
      return metrics.includes('route="/device/v1/payments/:payment"') ? metrics : undefined;
    });
    expect(text).not.toContain(payment);
    for (const name of ['ledger_position', 'views_position', 'outbox_waiting', 'palms', 'parked_messages'])
      expect(text).toMatch(new RegExp(`^palmledger_${name} \\d+$`, 'm'));
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('palmledger_lag_positions{follower="contacts"}');
  });

  it('logs each request by its pattern, with an id, and nothing of what was sent', async () => {
    const planted = {
      phone: '+491701112223',
      digits: '4917011122',
      card: '4242424242424242',
      oneId: 'ppppppppppppppppppppppppppp'.slice(1),
      token: 'eyJhbGciOiJFZERTQSJ9.cGxhbnRlZA.c2lnbmF0dXJl',
      secret: 'planted-secret-value',
      query: 'planted-query',
    };
    const bearer = { authorization: `Bearer ${planted.token}`, 'idempotency-key': planted.secret };
    await post('/auth/v1/member/codes', { phone: planted.phone });
    await post('/auth/v1/member/token', { phone: planted.phone, code: '123456' });
    await post('/auth/v1/token', { principal: planted.oneId, secret: planted.secret });
    await post('/member/v1/cards', { card: planted.card }, bearer);
    await get(`/merchant/v1/payments/${planted.oneId}?site=${planted.query}`, bearer);
    await get(`/${planted.oneId}/${planted.query}`);
    const log = await until(() => {
      const text = existsSync(logFile()) ? readFileSync(logFile(), 'utf8') : '';
      return text.includes('"route":"none"') ? text : undefined;
    });
    for (const value of [...Object.values(planted), '127.0.0.1', 'user-agent']) expect(log).not.toContain(value);
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        requestId: expect.stringMatching(/^[a-z2-7]{26}$/),
        method: 'GET',
        route: '/merchant/v1/payments/:payment',
        status: 401,
        durationMs: expect.any(Number),
      }),
    );
  });
});

describe('the API that describes itself', () => {
  it('is OpenAPI 3.1, with who may call, the headers of a write and the shape of a refusal', async () => {
    const answer = await get('/openapi.json');
    const { openapi, paths, components } = await answer.json();
    expect(openapi).toBe('3.1.0');
    const pay = paths['/device/v1/payments'].post;
    expect(Object.keys(pay.security[0])).toContain('deviceSignature');
    expect(pay.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(pay.responses['4XX']).toEqual({ $ref: '#/components/responses/Problem' });
    expect(paths['/merchant/v1/payments'].get.security).toEqual([{ bearer: [] }]);
    expect(components.schemas.Problem.required).toEqual(['type', 'title', 'status']);
  });

  it('can be read and tried on a page that loads nothing from elsewhere', async () => {
    const page = await get('/docs');
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\/docs\//);
      const asset = await get(link);
      expect(asset.status).toBe(200);
      await asset.arrayBuffer();
    }
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https:/);
  });
});

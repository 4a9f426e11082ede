import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyHead } from '#libs/evidence/head.ts';
import { openEdges, type Edges } from '#libs/testing/edges.ts';
import { serve, type Served } from '#libs/testing/served.ts';
import { openTown, type Town } from '#libs/testing/town.ts';
import { until } from '#libs/testing/works.ts';
import { evidenceApi } from '../evidence/module.ts';
import { adminApi } from './module.ts';

let town: Town;
let edges: Edges;
let served: Served;
let token: string;
beforeAll(async () => {
  town = await openTown();
  edges = openEdges(town);
  served = await serve(town.deps, [adminApi, evidenceApi], edges.providers);
  token = (await served.principal('admin')).token;
  await town.member();
  await edges.caughtUp();
});
afterAll(async () => {
  await served.stop();
  await edges.stop();
  await town.close();
});

describe('The status', () => {
  it('tells of each part, its lag, the keys and what waits', async () => {
    const { body } = await served.get('/admin/v1/status', token);
    expect(body).toMatchObject({
      folder: { purpose: 'test' },
      parts: { ledger: 'ready' },
      ledger: { position: expect.stringMatching(/^\d+$/) },
      views: { lag: '0' },
      outbox: { waiting: expect.any(Number) },
      keyring: { quorum: 1, copies: [{ state: 'in-step' }] },
      scheduler: { stopped: false },
      rebuild: { state: 'none' },
    });
  });
});

describe('Merchants and devices', () => {
  it('are registered, and listed once the views have come so far', async () => {
    const company = { name: 'Corner Shop', country: 'DE', currency: 'EUR' };
    const { merchant } = (await served.post('/admin/v1/merchants', company, token)).body;
    const place = { name: 'Central', place: 'Berlin', timeZone: 'Europe/Berlin' };
    const { site } = (await served.post(`/admin/v1/merchants/${merchant}/sites`, place, token)).body;
    await served.post(`/admin/v1/merchants/${merchant}/contracts`, { purposes: ['pay'] }, token);
    const device = { site, kind: 'till', name: 'Till 1', nearInfrared: true };
    const made = await served.post(`/admin/v1/merchants/${merchant}/devices`, device, token);
    expect(made.body).toMatchObject({ activationCode: expect.any(String), activateBy: expect.any(String) });
    const wait = { 'palmledger-wait-for': made.headers.get('palmledger-position')! };
    const listed = await served.get(`/admin/v1/devices?merchant=${merchant}`, token, wait);
    expect(listed.body.items).toMatchObject([{ device: made.body.device, status: 'registered', name: 'Till 1' }]);
    expect((await served.get(`/admin/v1/merchants/${merchant}`, token)).body).toMatchObject({
      name: 'Corner Shop',
      sites: [{ site }],
      contracts: [{ purposes: ['pay'] }],
    });
    const reason = { reason: 'stolen' };
    expect((await served.post(`/admin/v1/devices/${made.body.device}/revocation`, reason, token)).status).toBe(200);
    expect((await served.get(`/admin/v1/devices/${made.body.device}`, token)).body).toMatchObject({
      status: 'revoked',
    });
    expect((await served.get('/admin/v1/devices?cursor=nonsense', token)).status).toBe(422);
  });
});

describe('A rebuild of the views', () => {
  it('goes on after the answer, and tells how far it is', async () => {
    expect((await served.post('/admin/v1/views/rebuild', {}, token)).status).toBe(202);
    await until(async () => (await served.get('/admin/v1/views', token)).body.rebuild.state === 'done');
  });
});

describe('A backup', () => {
  it('is a folder with a ledger, a head that verifies, and no key; the same request makes no second one', async () => {
    const key = { 'idempotency-key': 'backup-of-today' };
    const made = await served.post('/admin/v1/backups', {}, token, key);
    expect((await served.post('/admin/v1/backups', {}, token, key)).body).toEqual(made.body);
    expect(readdirSync(edges.backupsDir)).toEqual([made.body.id]);
    const head = readFileSync(join(edges.backupsDir, made.body.id as string, 'head.json'), 'utf8').trim();
    expect(verifyHead(head, town.deps.keys.evidence.publicKey).treeSize).toMatch(/^\d+$/);
    expect((await served.get('/admin/v1/backups', token)).body.items).toEqual([made.body]);
  });
});

describe('Evidence', () => {
  it('is for everybody: the key, the last head, and that the log only grew', async () => {
    const first = (await served.post('/admin/v1/heads', {}, token)).body.head as string;
    await town.shop();
    const second = (await served.post('/admin/v1/heads', {}, token)).body.head as string;
    expect((await served.get('/evidence/v1/head')).body).toEqual({ head: second });
    const { publicKey, pem } = (await served.get('/evidence/v1/key')).body;
    expect([publicKey, pem]).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringContaining('PUBLIC KEY')]);
    const sizes = [first, second].map((head) => (JSON.parse(head) as { head: { treeSize: string } }).head.treeSize);
    const asked = `/evidence/v1/consistency?first=${sizes[0]}&second=${sizes[1]}`;
    expect((await served.get(asked)).body.proof.length).toBeGreaterThan(0);
    expect((await served.get('/evidence/v1/consistency?first=1&second=99999')).status).toBe(422);
    const { records } = await town.deps.ledger.readAll({ after: 0n, limit: 1 });
    const { stream, id } = records[0]!;
    const proof = await served.get(`/evidence/v1/proof?stream=${stream}&id=${id}`, token);
    expect(proof.body).toMatchObject({ leafIndex: '0', record: { stream, id }, proof: expect.any(Array) });
  });
});

describe('The clock', () => {
  it('moves forward, in a folder that is not live; the same request again moves nothing', async () => {
    const to = new Date(town.deps.clock.now().getTime() + 60_000).toISOString();
    const key = { 'idempotency-key': 'one-minute-on' };
    expect((await served.post('/admin/v1/clock', { to }, token, key)).status).toBe(200);
    const before = town.deps.clock.now().getTime();
    expect((await served.post('/admin/v1/clock', { to }, token, key)).status).toBe(200);
    expect(town.deps.clock.now().getTime() - before).toBeLessThan(10_000);
    expect((await served.post('/admin/v1/clock', { to }, token)).body.type).toContain('clock-goes-forward');
  });

  it('of a live folder is not moved', async () => {
    const live = openEdges(town, { folder: { purpose: 'live', madeAt: '2026-01-01T00:00:00.000Z' } }, 'views kept');
    const other = await serve(town.deps, [adminApi, evidenceApi], live.providers);
    const { token: mine } = await other.principal('admin');
    const { status, body } = await other.post('/admin/v1/clock', { to: '2036-01-01T00:00:00.000Z' }, mine);
    expect([status, body.type]).toEqual([403, 'urn:palmledger:problem:folder-is-live']);
    await other.stop();
    await live.stop();
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { openEdge, type Edge } from '#libs/testing/edge.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { confirmAtDevice } from '#libs/use-cases/changes/confirm-at-device.ts';
import { payByPalm } from '#libs/use-cases/payment/pay.ts';

let town: Town;
let edge: Edge;
let ada: TownMember;
let token: string;
beforeAll(async () => {
  town = await openTown();
  edge = await openEdge(town);
  ada = await town.member();
  token = await edge.memberToken(ada);
});
afterAll(async () => {
  await edge.close();
  await town.close();
});

const get = (url: string) => edge.call('GET', `/member/v1/${url}`, { token });
const post = (url: string, body: unknown = {}, headers = {}) =>
  edge.call('POST', `/member/v1/${url}`, { token, body, headers });

describe("a member's own pages", () => {
  it.each([
    'me',
    'tokeniser-key',
    'credentials',
    'changes',
    'expenses',
    'expenses/months',
    'places',
    'history',
    'looks',
  ])('GET %s answers', async (url) => {
    expect((await get(url)).status).toBe(200);
  });

  it.each([
    'expenses?limit=0',
    'expenses?limit=x',
    'expenses?from=yesterday',
    'expenses?merchant=1',
    'history?cursor=x',
  ])('GET %s is refused by its form', async (url) => {
    expect((await get(url)).status).toBe(422);
  });

  it.each(['expenses/nothing', `expenses/${newId()}`, `downloads/x`])('GET %s is not there', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('a write answers with its position and without an idempotency key is none', async () => {
    const paused = await post('pause');
    expect(paused.status).toBe(200);
    expect(paused.headers['palmledger-position']).toEqual(expect.any(String));
    expect((await get('me')).body).toMatchObject({ paused: true });
    expect((await post('unpause', {}, { 'idempotency-key': '' })).status).toBe(400);
    await post('unpause');
  });

  it('the same key with another body is refused', async () => {
    const headers = { 'idempotency-key': 'the-same-key' };
    await post('phones', { number: '+41795556001' }, headers);
    expect((await post('phones', { number: '+41795556002' }, headers)).status).toBe(422);
  });
});

describe("another member's things", () => {
  it('look as if they were not there', async () => {
    const bob = await town.member();
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(bob, 'pay', request);
    const paying = { caller: shop, request, ticket, amount: 500, currency: 'CHF' };
    const { payment } = await payByPalm(town.deps, paying);
    expect((await get(`expenses/${payment}`)).status).toBe(404);
    expect((await post(`expenses/${payment}/disputes`, { said: 'mine' })).status).toBe(404);
    for (const url of [`cards/${bob.card}`, `phones/${bob.phone}`, `palms/${bob.palm}`, `credentials/${newId()}`])
      expect((await edge.call('DELETE', `/member/v1/${url}`, { token })).status).toBe(404);
    const bobs = await edge.memberToken(bob);
    expect((await edge.call('GET', `/member/v1/expenses/${payment}`, { token: bobs })).status).toBe(200);
  });
});

describe('a download', () => {
  it('waits, and is then one JSON that nobody may keep a copy of', async () => {
    const { body } = await post('downloads');
    const { change, confirmationCode: code } = body as { change: string; confirmationCode: string };
    expect((await get(`downloads/${change}`)).status).toBe(403);
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(ada, 'confirm', request);
    await confirmAtDevice(town.deps, { caller: shop, request, ticket, code });
    const file = await get(`downloads/${change}`);
    expect(file.status).toBe(200);
    expect(file.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
    expect(file.body).toMatchObject({ contacts: { phones: [{ number: ada.number }] } });
  });
});

describe('leaving', () => {
  it('shows the receipt once asked for, by which the state is read without any token', async () => {
    const carla = await town.member();
    const mine = await edge.memberToken(carla);
    const { body } = await edge.call('POST', '/member/v1/leaving', { token: mine, body: {} });
    const { receipt, confirmationCode: code } = body as { receipt: string; confirmationCode: string };
    const read = (headers: Record<string, string>) => edge.call('GET', '/erasures/status', { headers });
    expect((await read({ 'palmledger-receipt': receipt })).status).toBe(404);
    const shop = await town.shop();
    const request = asked(shop);
    await confirmAtDevice(town.deps, { caller: shop, request, ticket: town.ticket(carla, 'confirm', request), code });
    expect((await read({ 'palmledger-receipt': receipt })).body).toMatchObject({ state: 'waiting', reason: 'member' });
    expect((await read({})).status).toBe(400);
    expect((await read({ 'palmledger-receipt': 'x' })).status).toBe(404);
  });
});

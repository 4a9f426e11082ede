import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEdges, type Edges } from '#libs/testing/edges.ts';
import { serve, type Served, type Signed } from '#libs/testing/served.ts';
import { openWorks, until, type Works } from '#libs/testing/works.ts';
import { advanceErasure } from '#libs/workflows/erasing/advance.ts';
import type { TownMember } from '#libs/testing/town.ts';
import { adminApi } from '../admin/module.ts';
import { serviceApi } from './module.ts';

const SUBSCRIBER = fileURLToPath(new URL('../../../docs/examples/subscriber.mjs', import.meta.url));

let works: Works;
let edges: Edges;
let served: Served;
let admins: readonly [Signed, Signed];
let ada: TownMember;
beforeAll(async () => {
  works = await openWorks();
  edges = openEdges(works.town, {}, 'views kept');
  served = await serve(works.deps, [adminApi, serviceApi], edges.providers);
  admins = [await served.principal('admin'), await served.principal('admin')];
  ada = await works.member('ada', '+41795550401');
});
afterAll(async () => {
  await served.stop();
  await edges.stop();
  await works.close();
});

async function service(topics: readonly string[], acknowledgesErasures = false): Promise<Signed> {
  const body = { name: 'Service', topics, acknowledgesErasures };
  const { subscriber } = (await served.post('/admin/v1/subscribers', body, admins[0].token)).body;
  return served.principal('service', { subscriber });
}

describe('The subscriber of docs/examples, against the API', () => {
  it('is cut off when the process stops, and goes on where it was', async () => {
    const { token } = await service(['purchases']);
    const file = join(works.town.house.folder, 'subscriber.json');
    const shop = await works.town.shop();
    const { payment: first } = await works.pay(ada, shop, 1_250);
    const known = (payment: string) => async (): Promise<boolean> => {
      if (!existsSync(file)) return false;
      const { purchases } = JSON.parse(readFileSync(file, 'utf8'));
      return purchases[payment]?.status === 'PURCHASE_STATUS_CAPTURED';
    };
    const url = `${served.url}/service/v1/topics/purchases/stream`;
    const start = () =>
      spawn(process.execPath, [SUBSCRIBER, url, file], {
        env: { ...process.env, NODE_OPTIONS: '', PALMLEDGER_TOKEN: token },
      });
    let child = start();
    await until(known(first));
    child.kill('SIGKILL');
    const { payment: second } = await works.pay(ada, shop, 300);
    child = start();
    await until(known(second));
    child.kill('SIGKILL');
  });
});

describe('A stream that is open', () => {
  it('does not keep the process from ending', async () => {
    const { principal } = await service(['purchases']);
    const other = await serve(works.deps, [serviceApi]);
    const token = await other.token(sessionOf({ principal }));
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${other.url}/service/v1/topics/purchases/stream`, { headers });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const read = answer.text().catch(() => 'cut off');
    await other.stop();
    await read;
  });
});

describe('A pseudonym', () => {
  it('is answered with the position of its look', async () => {
    const { token } = await service(['one-ids']);
    const answer = await served.get(`/service/v1/members/${ada.oneId}/pseudonym?reason=newsletter`, token);
    expect(answer.body).toEqual({ pseudonym: expect.stringMatching(/^[a-z2-7]{26}$/) });
    expect(answer.headers.get('palmledger-position')).not.toBeNull();
    expect((await served.get(`/service/v1/members/${ada.oneId}/pseudonym`, token)).status).toBe(422);
  });
});

describe('An erasure', () => {
  it('is owed by who registered for it, who reads its own pseudonym until it has acknowledged', async () => {
    const mine = await service(['one-ids', 'erasures'], true);
    const other = await service(['erasures'], true);
    const bea = await works.member('bea', '+41795550402');
    const path = `/service/v1/members/${bea.oneId}/pseudonym?reason=newsletter`;
    const { pseudonym } = (await served.get(path, mine.token)).body;
    const [first, second] = admins;
    const { erasure } = (await served.post(`/admin/v1/one-ids/${bea.oneId}/erasures`, {}, first.token)).body;
    expect((await served.post(`/admin/v1/erasures/${erasure}/approval`, {}, first.token)).body).toMatchObject({
      type: 'urn:palmledger:problem:four-eyes',
    });
    expect((await served.post(`/admin/v1/erasures/${erasure}/approval`, {}, second.token)).status).toBe(200);
    const { clock } = works.town.house;
    clock.moveTo(new Date(clock.now().getTime() + 73 * 3_600_000));
    const again = await served.token(sessionOf(mine));
    const advance = () => advanceErasure(works.deps, `erasure-${erasure}`).catch(() => undefined);
    const owed = async () => (await served.get('/service/v1/erasures', again)).body.items as { erasure: string }[];
    await until(async () => {
      await advance();
      await works.caughtUp();
      return (await owed()).some((one) => one.erasure === erasure);
    });
    const own = await served.get(`/service/v1/erasures/${erasure}/pseudonym`, again);
    expect(own.body).toMatchObject({ pseudonym });
    const theirs = await served.get(`/service/v1/erasures/${erasure}/pseudonym`, await served.token(sessionOf(other)));
    expect(theirs.body.pseudonym).not.toBe(pseudonym);
    expect((await served.post(`/service/v1/erasures/${erasure}/acknowledgements`, {}, again)).status).toBe(200);
    expect((await served.get(`/service/v1/erasures/${erasure}/pseudonym`, again)).status).toBe(410);
    expect(await owed()).toEqual([]);
  });
});

/** The clock has moved: who has signed in before signs in again. */
function sessionOf({ principal }: Pick<Signed, 'principal'>) {
  return { kind: 'principal', principal, grants: [] } as const;
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { RequestMethod } from '@nestjs/common';
import { newId } from '#libs/runtime/ids.ts';
import { openEdges, type Edges } from '#libs/testing/edges.ts';
import { serve, type Served } from '#libs/testing/served.ts';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import { registerSubscriber } from '#libs/use-cases/subscriber/register.ts';
import { auditorApi } from '../auditor/module.ts';
import { evidenceApi } from '../evidence/module.ts';
import { serviceApi } from '../service/module.ts';
import { adminApi } from './module.ts';

type Caller = 'admin' | 'auditor' | 'service' | 'merchant' | 'member' | 'nobody';
interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

const audiences = [adminApi, auditorApi, serviceApi, evidenceApi];
const callers: readonly Caller[] = ['admin', 'auditor', 'service', 'merchant', 'member', 'nobody'];

/** Every route as the controllers declare it: one that is added is tried as well. */
const routes: readonly Route[] = audiences.flatMap(({ controllers }) =>
  controllers.flatMap((controller) => {
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const methods = controller.prototype as unknown as Record<string, object>;
    return Object.getOwnPropertyNames(methods).flatMap((name): Route[] => {
      const method = Reflect.getMetadata(METHOD_METADATA, methods[name]!) as RequestMethod | undefined;
      if (method === undefined) return [];
      const path = (Reflect.getMetadata(PATH_METADATA, methods[name]!) as string).replace(/^\//, '');
      return [{ method: method === RequestMethod.GET ? 'GET' : 'POST', path: `/${prefix}${path && `/${path}`}` }];
    });
  }),
);

/** Who may, written out apart from the table of rights. */
function mayCall({ method, path }: Route): readonly Caller[] {
  if (/^\/evidence\/v1\/(key|head|consistency)$/.test(path)) return callers;
  if (path === '/evidence/v1/proof' || path === '/admin/v1/status') return ['admin', 'auditor'];
  if (method === 'GET' && /^\/admin\/v1\/erasures(\/:erasure)?$/.test(path)) return ['admin', 'auditor'];
  return [path.split('/')[1] as Caller];
}

let town: Town;
let edges: Edges;
let served: Served;
let tokens: Record<Caller, string | undefined>;
let other: string;
beforeAll(async () => {
  town = await openTown();
  edges = openEdges(town);
  served = await serve(town.deps, audiences, edges.providers);
  const { token: admin, principal } = await served.principal('admin');
  const caller = { kind: 'admin', principal } as const;
  const of = { name: 'S', topics: ['one-ids', 'erasures'], acknowledgesErasures: true };
  const { subscriber } = await registerSubscriber(town.deps, { caller, request: asked(caller), ...of });
  const member = await town.member();
  const [auditor, merchant, service] = [
    await served.principal('auditor'),
    await served.principal('merchant', { merchant: newId() }),
    await served.principal('service', { subscriber }),
  ];
  const { oneId } = member;
  const session = {
    kind: 'member',
    oneId,
    session: newId(),
    by: 'code',
    signedInAt: '2026-01-01T00:00:00.000Z',
  } as const;
  tokens = {
    admin,
    auditor: auditor.token,
    service: service.token,
    merchant: merchant.token,
    member: await served.token(session),
    nobody: undefined,
  };
  other = await town.member().then(({ oneId }) => oneId);
});
afterAll(async () => {
  await served.stop();
  await edges.stop();
  await town.close();
});

function call({ method, path }: Route, token: string | undefined) {
  const filled = path
    .replace(':topic', 'one-ids')
    .replace(':oneId', other)
    .replaceAll(/:[a-zA-Z]+/g, newId());
  return method === 'GET' ? served.get(filled, token) : served.post(filled, {}, token);
}

describe('Every route of admins, auditors, services and evidence', () => {
  it('is among those that are tried', () => {
    expect(routes.length).toBeGreaterThan(60);
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, route) => {
    const may = mayCall(route);
    for (const caller of callers) {
      const { status, body } = await call(route, tokens[caller]);
      const said = `${caller}: ${status} ${JSON.stringify(body)?.slice(0, 200)}`;
      if (may.includes(caller)) expect([said, [401, 403].includes(status) || status >= 500]).toEqual([said, false]);
      else expect([said, status]).toEqual([said, caller === 'nobody' ? 401 : 403]);
    }
    const forged = `${tokens.admin!.slice(0, -4)}AAAA`;
    if (!may.includes('nobody')) expect((await call(route, forged)).status).toBe(401);
  });
});

describe('A role that is taken away', () => {
  it('is gone with the next request', async () => {
    const leaving = await served.principal('admin');
    expect((await served.get('/admin/v1/status', leaving.token)).status).toBe(200);
    const path = `/admin/v1/principals/${leaving.principal}/roles/revocations`;
    expect((await served.post(path, { role: 'admin' }, tokens.admin)).status).toBe(200);
    expect((await served.get('/admin/v1/status', leaving.token)).status).toBe(401);
  });
});

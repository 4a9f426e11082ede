import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newSecret } from '#libs/identity/secrets.ts';
import { issueToken } from '#libs/identity/tokens.ts';
import type { PrincipalCommand } from '#libs/domain/principal/commands.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import { openEdge, type Edge } from '#libs/testing/edge.ts';
import { openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { principals } from '#libs/use-cases/stream/aggregates.ts';
import { decideOn } from '#libs/use-cases/stream/decide.ts';
import { systemWho } from '#libs/workflows/system.ts';

let town: Town;
let edge: Edge;
let ada: TownMember;
beforeAll(async () => {
  town = await openTown();
  edge = await openEdge(town);
  ada = await town.member('+41795550200');
});
afterAll(async () => {
  await edge.close();
  await town.close();
});

type Later<Command> = Command extends unknown ? Omit<Command, 'at'> : never;

async function told(principal: string, ...commands: Later<PrincipalCommand>[]): Promise<void> {
  const at = isoNow(town.deps.clock);
  const dated = commands.map((command): PrincipalCommand => ({ ...command, at }));
  await decideOn(town.deps, principals, `principal-${principal}`, dated, systemWho('test'));
}

async function somebody(...roles: Later<PrincipalCommand>[]): Promise<{ principal: string; secret: string }> {
  const [principal] = await town.deps.keyring.reserve('principal');
  const { secret, hash } = newSecret();
  const beginning = [
    { type: 'InvitePrincipal', name: 'Eve', contact: 'eve@example.org' },
    { type: 'BindCredential', secretHash: hash },
  ] as const;
  await told(principal!, ...beginning, ...roles);
  return { principal: principal!, secret };
}

const signIn = async (credential: object): Promise<string> =>
  (await edge.call('POST', '/auth/v1/token', { body: credential })).body['token'] as string;

describe('a route for members', () => {
  it('given no token, or none of ours, lets nobody in and says no more than that', async () => {
    for (const token of [undefined, 'nonsense', 'a.b.c']) {
      const answer = await edge.call('GET', '/member/v1/me', token === undefined ? {} : { token });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('given an expired token, or one for another audience or of another issuer, lets nobody in', async () => {
    const session = { kind: 'member', oneId: ada.oneId, session: 's', by: 'code', signedInAt: 'then' } as const;
    const longAgo = { now: () => new Date(town.house.clock.now().getTime() - 3_600_000) };
    for (const changed of [{ clock: longAgo }, { audience: 'elsewhere' }, { issuer: 'https://other.test' }]) {
      const { token } = await issueToken({ ...edge.tokens, ...changed }, session);
      expect((await edge.call('GET', '/member/v1/me', { token })).status).toBe(401);
    }
  });

  it("given a principal's token, in whatever role, does not serve it", async () => {
    const token = await signIn(await somebody({ type: 'GrantRole', role: 'admin' }));
    expect((await edge.call('GET', '/member/v1/me', { token })).status).toBe(403);
  });

  it('given a member who signed out everywhere, lets the older tokens in no more', async () => {
    const token = await edge.memberToken(ada);
    expect((await edge.call('GET', '/member/v1/me', { token })).status).toBe(200);
    expect((await edge.call('POST', '/auth/v1/sign-out', { token })).status).toBe(204);
    const again = await edge.call('GET', '/member/v1/me', { token });
    expect(again).toMatchObject({ status: 401, body: { reason: 'signed-out' } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const fresh = await edge.memberToken(ada);
    expect((await edge.call('GET', '/member/v1/me', { token: fresh })).status).toBe(200);
  });
});

describe('a route for a role', () => {
  const proof = { body: { account: 'ada-77' } };

  it('given a role that may not, is forbidden; given the role, is served', async () => {
    const auditor = await signIn(await somebody({ type: 'GrantRole', role: 'auditor' }));
    expect((await edge.call('POST', '/merchant/v1/link-proofs', { token: auditor, ...proof })).status).toBe(403);
    const token = await signIn(await somebody({ type: 'GrantRole', role: 'merchant', merchant: 'books' }));
    expect((await edge.call('POST', '/merchant/v1/link-proofs', { token, ...proof })).status).toBe(201);
    expect((await edge.call('POST', '/merchant/v1/link-proofs', proof)).status).toBe(401);
  });

  it('given several grants that may, asks for which, and takes the one that is named', async () => {
    const roles = ['books', 'music'].map((merchant) => ({ type: 'GrantRole', role: 'merchant', merchant }) as const);
    const token = await signIn(await somebody(...roles));
    const unclear = await edge.call('POST', '/merchant/v1/link-proofs', { token, ...proof });
    expect(unclear).toMatchObject({ status: 422, body: { choices: ['merchant:books', 'merchant:music'] } });
    const headers = { 'palmledger-act-for': 'music' };
    expect((await edge.call('POST', '/merchant/v1/link-proofs', { token, ...proof, headers })).status).toBe(201);
    const other = { 'palmledger-act-for': 'films' };
    expect((await edge.call('POST', '/merchant/v1/link-proofs', { token, ...proof, headers: other })).status).toBe(403);
  });

  it('given a role that was taken away, or a principal who was removed, is closed at once', async () => {
    const grant = { role: 'merchant', merchant: 'books' } as const;
    const [one, other] = [
      await somebody({ type: 'GrantRole', ...grant }),
      await somebody({ type: 'GrantRole', ...grant }),
    ];
    const tokens = [await signIn(one), await signIn(other)];
    await told(one.principal, { type: 'RevokeRole', ...grant });
    await told(other.principal, { type: 'RemovePrincipal' });
    for (const token of tokens)
      expect([401, 403]).toContain((await edge.call('POST', '/merchant/v1/link-proofs', { token, ...proof })).status);
    expect(await signIn(other)).toBeUndefined();
  });
});

describe('sign-in by a code', () => {
  it('answers a number that nobody has as it answers one that is known', async () => {
    const known = await edge.call('POST', '/auth/v1/member/codes', { body: { phone: ada.number } });
    const unknown = await edge.call('POST', '/auth/v1/member/codes', { body: { phone: '+41795558888' } });
    expect([known.status, unknown.status]).toEqual([202, 202]);
    expect(Object.keys(unknown.body)).toEqual(Object.keys(known.body));
  });

  it('gives a token for the code that came', async () => {
    const bob = await town.member('+41795550201');
    await edge.call('POST', '/auth/v1/member/codes', { body: { phone: bob.number } });
    const code = await codeTo(bob.number);
    const { body, status } = await edge.call('POST', '/auth/v1/member/token', { body: { phone: bob.number, code } });
    expect(status).toBe(200);
    const me = await edge.call('GET', '/member/v1/me', { token: body['token'] as string });
    expect(me.body).toMatchObject({ status: 'active', phones: [{ verified: true }] });
  });
});

/** It goes out after the answer, so it may be a moment. */
async function codeTo(number: string): Promise<string> {
  for (let look = 0; look < 50; look += 1) {
    const sent = (await town.messages()).filter(({ to, template }) => to === number && template === 'sign-in-code');
    const code = /\b\d{6}\b/.exec(sent.at(-1)?.text ?? '')?.[0];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no code came');
}

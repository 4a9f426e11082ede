import { describe, expect, it } from '@jest/globals';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { importJWK, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import type { MemberSession, PrincipalSession } from './sessions.ts';
import { SignOuts } from './sign-outs.ts';
import { issueToken, publicTokenKeys, rotateTokenKey, tokenKey, tokensOf, verifyToken } from './tokens.ts';
import type { Tokens } from './tokens.ts';

let now = new Date('2026-11-24T15:00:00.123Z');
const pass = (minutes: number) => (now = new Date(now.getTime() + minutes * 60_000));
const nobodyOut = async () => undefined;

function freshTokens(change: { issuer?: string; audience?: string } = {}): Tokens {
  now = new Date('2026-11-24T15:00:00.123Z');
  return tokensOf(
    { tokens: generateKeyPairSync('ed25519'), handleSecret: randomBytes(32) },
    { issuer: 'https://palm.test', audience: 'palmledger', clock: { now: () => now }, ...change },
  );
}

const member: MemberSession = {
  kind: 'member',
  oneId: 'oneId-abcdefghijklmnopqrstuvwxyz',
  session: 'a-session',
  by: 'code',
  signedInAt: '2026-11-24T15:00:00.123Z',
};
const principal: PrincipalSession = {
  kind: 'principal',
  principal: 'p1',
  grants: [{ role: 'merchant', merchant: 'm1' }, { role: 'admin' }],
};

describe('A token', () => {
  it.each([
    ['member', member],
    ['principal', principal],
  ] as const)('says who a %s is, for fifteen minutes', async (_kind, session) => {
    const tokens = freshTokens();
    const { token, tokenId, expiresAt } = await issueToken(tokens, session);
    expect(expiresAt).toBe('2026-11-24T15:15:00.000Z');
    expect(await verifyToken(tokens, token, nobodyOut)).toEqual({
      ok: true,
      bearer: { session, tokenId, issuedAt: '2026-11-24T15:00:00.123Z', expiresAt },
    });
    pass(14.9);
    expect(await verifyToken(tokens, token, nobodyOut)).toMatchObject({ ok: true });
    pass(0.2);
    expect(await verifyToken(tokens, token, nobodyOut)).toEqual({ ok: false, reason: 'expired' });
  });

  it('carries neither One ID nor session in the clear, and nothing that joins two tokens', async () => {
    const tokens = freshTokens();
    const [one, two] = [await issueToken(tokens, member), await issueToken(tokens, member)];
    const text = one.token.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    const { sub } = JSON.parse(text[1]!) as { sub: string };
    const inner = sub.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const secret of [member.oneId, member.oneId.slice(6), member.session])
      expect([...text, ...inner].join('\n')).not.toContain(secret);
    const other = JSON.parse(Buffer.from(two.token.split('.')[1]!, 'base64url').toString()) as { sub: string };
    expect(other.sub).not.toBe(sub);
    expect(two.tokenId).not.toBe(one.tokenId);
  });

  it('is refused when it is altered at any place', async () => {
    const tokens = freshTokens();
    const { token } = await issueToken(tokens, principal);
    for (let n = 0; n < token.length; n += 7) {
      const altered = `${token.slice(0, n)}${token[n] === 'A' ? 'B' : 'A'}${token.slice(n + 1)}`;
      expect(await verifyToken(tokens, altered, nobodyOut)).toEqual({ ok: false, reason: 'invalid' });
    }
  });

  it.each(['', 'x', 'a.b.c', '.'.repeat(9), 'x'.repeat(20_000)])('is not whatever somebody sends', async (text) => {
    expect(await verifyToken(freshTokens(), text, nobodyOut)).toEqual({ ok: false, reason: 'invalid' });
  });

  it("is refused from another's key, for another audience, by another issuer", async () => {
    const tokens = freshTokens();
    const others = [
      freshTokens(),
      { ...tokens, audience: 'elsewhere' },
      { ...tokens, issuer: 'https://other.test' },
      { ...tokens, sessionSecret: randomBytes(32) },
    ];
    for (const other of others) {
      const { token } = await issueToken(other, member);
      expect(await verifyToken(tokens, token, nobodyOut)).toEqual({ ok: false, reason: 'invalid' });
    }
  });

  it('is refused without a signature, by another algorithm, of another type, or without what must be in it', async () => {
    const tokens = freshTokens();
    const { kid, privateKey } = tokens.keys.current;
    const claims = { kind: 'principal', grants: [] };
    const issuedAt = now.toISOString();
    const make = async (payload: object, header: object = {}, key: Parameters<SignJWT['sign']>[0] = privateKey) =>
      new SignJWT({ issuedAt, ...payload })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt', ...header })
        .setIssuer(tokens.issuer)
        .setAudience(tokens.audience)
        .setSubject('p1')
        .setJti('t1')
        .setIssuedAt(now)
        .setExpirationTime(now.getTime() / 1_000 + 900)
        .sign(key);
    expect(await verifyToken(tokens, await make(claims), nobodyOut)).toMatchObject({ ok: true });
    const bad = [
      new UnsecuredJWT(claims).setIssuer(tokens.issuer).setAudience(tokens.audience).encode(),
      await make(claims, { alg: 'HS256' }, randomBytes(32)),
      await make(claims, { typ: 'JWT' }),
      await make(claims, { kid: 'other' }),
      await make(claims, { kid: undefined }),
      await make({ kind: 'device' }),
      await make({ kind: 'member' }),
      await make({ kind: 'principal' }),
      await make({ kind: 'principal', grants: [{ role: 'owner' }] }),
      await make({ kind: 'principal', grants: [{ role: 'merchant', merchant: 5 }] }),
      await make({ ...claims, issuedAt: undefined }),
      await make({ ...claims, issuedAt: '2099-01-01T00:00:00.000Z' }),
      await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' }).sign(privateKey),
    ];
    for (const token of bad)
      expect(await verifyToken(tokens, token, nobodyOut)).toEqual({ ok: false, reason: 'invalid' });
  });

  it('is refused where it was made for longer, or for later', async () => {
    const tokens = freshTokens();
    const { kid, privateKey } = tokens.keys.current;
    const at = async (issued: number) =>
      new SignJWT({ kind: 'principal', grants: [] })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
        .setIssuer(tokens.issuer)
        .setAudience(tokens.audience)
        .setSubject('p1')
        .setJti('t1')
        .setIssuedAt(issued)
        .setExpirationTime(now.getTime() / 1_000 + 999_999)
        .sign(privateKey);
    const seconds = Math.floor(now.getTime() / 1_000);
    expect(await verifyToken(tokens, await at(seconds - 1_000), nobodyOut)).toMatchObject({ ok: false });
    expect(await verifyToken(tokens, await at(seconds + 1_000), nobodyOut)).toMatchObject({ ok: false });
  });
});

describe("The tokens' key", () => {
  it('changes hands: what the old one signed is believed until it lapses', async () => {
    const tokens = freshTokens();
    const { token: old } = await issueToken(tokens, principal);
    const next = tokenKey(generateKeyPairSync('ed25519'));
    const rotated: Tokens = { ...tokens, keys: rotateTokenKey(tokens.keys, next, now) };
    const { token: fresh } = await issueToken(rotated, principal);
    expect(await verifyToken(rotated, old, nobodyOut)).toMatchObject({ ok: true });
    expect(await verifyToken(rotated, fresh, nobodyOut)).toMatchObject({ ok: true });
    expect(await verifyToken(tokens, fresh, nobodyOut)).toMatchObject({ ok: false });
    pass(15);
    const { token: forged } = await issueToken(tokens, principal);
    expect(await verifyToken(rotated, forged, nobodyOut)).toEqual({ ok: false, reason: 'invalid' });
    expect(rotateTokenKey(rotated.keys, tokenKey(generateKeyPairSync('ed25519')), now).retired).toHaveLength(1);
  });
  it('stays where the next is the same', () => {
    const { keys } = freshTokens();
    expect(rotateTokenKey(keys, keys.current, now)).toEqual(keys);
  });
  it('has one name in every process', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const again = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const pair = (key: typeof privateKey) => ({ privateKey: key, publicKey: createPublicKey(key) });
    expect(tokenKey(pair(again)).kid).toBe(tokenKey(pair(privateKey)).kid);
  });
  it('can be verified by others, with public halves alone', async () => {
    const tokens = freshTokens();
    const { token } = await issueToken(tokens, principal);
    const set = await publicTokenKeys(tokens.keys);
    expect(JSON.stringify(set)).not.toContain('"d"');
    const { payload } = await jwtVerify(token, await importJWK(set.keys[0]!, 'EdDSA'), { currentDate: now });
    expect(payload.sub).toBe('p1');
  });
});

describe('Signing out everywhere', () => {
  it('voids all tokens so far, and none after', async () => {
    const tokens = freshTokens();
    const outs = new SignOuts(new Date('2026-11-24T00:00:00.000Z'));
    const notBefore = async (session: Parameters<typeof outs.notBefore>[0]) => outs.notBefore(session);
    const { token } = await issueToken(tokens, member);
    const { token: another } = await issueToken(tokens, { ...member, oneId: 'oneId-other' });
    expect(await verifyToken(tokens, token, notBefore)).toMatchObject({ ok: true });
    outs.signOut(member, now);
    expect(await verifyToken(tokens, token, notBefore)).toEqual({ ok: false, reason: 'signed-out' });
    expect(await verifyToken(tokens, another, notBefore)).toMatchObject({ ok: true });
    pass(0.001);
    const { token: again } = await issueToken(tokens, { ...member, session: 'the-next' });
    expect(await verifyToken(tokens, again, notBefore)).toMatchObject({ ok: true });
  });
  it('is not forgotten for want of room: then all older tokens are void', () => {
    const outs = new SignOuts(new Date('2026-11-24T00:00:00.000Z'), 2);
    const someone = (n: number): MemberSession => ({ ...member, oneId: `oneId-${n}` });
    for (const n of [1, 2, 3]) outs.signOut(someone(n), new Date(`2026-11-24T0${n}:00:00.000Z`));
    expect(outs.notBefore(someone(1))).toBe('2026-11-24T01:00:00.001Z');
    expect(outs.notBefore(someone(9))).toBe('2026-11-24T01:00:00.001Z');
    expect(outs.notBefore(someone(3))).toBe('2026-11-24T03:00:00.001Z');
  });
  it('voids what was issued before the process started', async () => {
    const tokens = freshTokens();
    const { token } = await issueToken(tokens, principal);
    const outs = new SignOuts(pass(1));
    expect(await verifyToken(tokens, token, async (session) => outs.notBefore(session))).toEqual({
      ok: false,
      reason: 'signed-out',
    });
  });
  it('lets nobody in where it cannot be asked, or answers nonsense', async () => {
    const tokens = freshTokens();
    const { token } = await issueToken(tokens, principal);
    await expect(
      verifyToken(tokens, token, async () => {
        throw new Error('down');
      }),
    ).rejects.toThrow('down');
    expect(await verifyToken(tokens, token, async () => 'nonsense')).toEqual({ ok: false, reason: 'signed-out' });
  });
});

import { createHash, hkdfSync, randomUUID } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, errors, exportJWK, jwtVerify, SignJWT } from 'jose';
import type { JWK, JWTPayload } from 'jose';
import type { Clock } from '#libs/runtime/clock.ts';
import { grantsIn, sessionIn } from './claims.ts';
import type { ServiceKeys, SigningKey } from './service-keys.ts';
import type { Bearer, Session } from './sessions.ts';

export const tokenMinutes = 15;
const algorithm = 'EdDSA';
const longestToken = 8_192;

/** `kid`: SHA-256 of the public key, so that the same key has the same name in every process. */
export interface TokenKey extends SigningKey {
  readonly kid: string;
}
/** One key signs; those before it are believed until their last token has lapsed. */
export interface TokenKeys {
  readonly current: TokenKey;
  readonly retired: readonly { readonly key: TokenKey; readonly until: string }[];
}
export interface Tokens {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: TokenKeys;
  /** Seals who a member is inside the member's own token. */
  readonly sessionSecret: Uint8Array;
  readonly clock: Clock;
}

export function tokenKey({ privateKey, publicKey }: SigningKey): TokenKey {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return { privateKey, publicKey, kid: createHash('sha256').update(der).digest('base64url').slice(0, 16) };
}

/** The keys and the seal, as they follow from the service's own keys. */
export function tokensOf(
  keys: Pick<ServiceKeys, 'tokens' | 'handleSecret'>,
  { issuer, audience, clock }: Pick<Tokens, 'issuer' | 'audience' | 'clock'>,
): Tokens {
  const sessionSecret = new Uint8Array(hkdfSync('sha256', keys.handleSecret, '', 'palmledger member sessions', 32));
  return { issuer, audience, clock, sessionSecret, keys: { current: tokenKey(keys.tokens), retired: [] } };
}

/** From now on `next` signs; what the key before it signed is believed until it lapses. */
export function rotateTokenKey({ current, retired }: TokenKeys, next: TokenKey, now: Date): TokenKeys {
  if (next.kid === current.kid) return { current, retired };
  const until = new Date(now.getTime() + tokenMinutes * 60_000).toISOString();
  const stillNeeded = retired.filter((one) => Date.parse(one.until) > now.getTime() && one.key.kid !== next.kid);
  return { current: next, retired: [...stillNeeded, { key: current, until }] };
}

/** For who verifies tokens elsewhere: the public keys as a JWK set (RFC 7517). */
export async function publicTokenKeys({ current, retired }: TokenKeys): Promise<{ readonly keys: readonly JWK[] }> {
  const all = [current, ...retired.map(({ key }) => key)];
  const keys = all.map(async ({ kid, publicKey }) => ({
    ...(await exportJWK(publicKey)),
    kid,
    alg: algorithm,
    use: 'sig',
  }));
  return { keys: await Promise.all(keys) };
}

/**
 * A signed token (RFC 9068, `at+jwt`), 15 minutes. A member's `sub` is the session encrypted (JWE, dir, A256GCM): fresh each
 * time, so that neither the One ID nor any lasting pseudonym of it can be read from a token or joined by it.
 */
export async function issueToken(
  tokens: Tokens,
  session: Session,
): Promise<Omit<Bearer, 'session'> & { token: string }> {
  const now = tokens.clock.now();
  const iat = Math.floor(now.getTime() / 1_000);
  const exp = iat + tokenMinutes * 60;
  const tokenId = randomUUID();
  const { kid, privateKey } = tokens.keys.current;
  const { sub, claims } = await claimsOf(tokens, session);
  // With its milliseconds, so that a sign-in is told from the sign-out just before it.
  const issuedAt = now.toISOString();
  const token = await new SignJWT({ ...claims, issuedAt })
    .setProtectedHeader({ alg: algorithm, kid, typ: 'at+jwt' })
    .setIssuer(tokens.issuer)
    .setAudience(tokens.audience)
    .setSubject(sub)
    .setJti(tokenId)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(privateKey);
  return { token, tokenId, issuedAt, expiresAt: moment(exp) };
}

async function claimsOf(tokens: Tokens, session: Session): Promise<{ sub: string; claims: JWTPayload }> {
  if (session.kind === 'principal')
    return { sub: session.principal, claims: { kind: 'principal', grants: session.grants } };
  const sealed = await new CompactEncrypt(Buffer.from(JSON.stringify(session)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(tokens.sessionSecret);
  return { sub: sealed, claims: { kind: 'member' } };
}

export type Verified =
  | { readonly ok: true; readonly bearer: Bearer }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' | 'signed-out' };

/** ISO 8601; tokens of the session's owner that were issued before it are void. Undefined: none is. */
export type NotBefore = (session: Session) => Promise<string | undefined>;

/** Never throws for a token, however odd; throws only where `notBefore` does, and then nobody is let in. */
export async function verifyToken(tokens: Tokens, token: string, notBefore: NotBefore): Promise<Verified> {
  const opened = await open(tokens, token);
  if (opened === 'expired' || opened === 'invalid') return { ok: false, reason: opened };
  const since = await notBefore(opened.session);
  if (since !== undefined && !(Date.parse(opened.issuedAt) >= Date.parse(since)))
    return { ok: false, reason: 'signed-out' };
  return { ok: true, bearer: opened };
}

async function open(tokens: Tokens, token: string): Promise<Bearer | 'invalid' | 'expired'> {
  if (token.length > longestToken || !token.split('.').every(isCanonical)) return 'invalid';
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => publicKeyOf(tokens, kid), {
      algorithms: [algorithm],
      issuer: tokens.issuer,
      audience: tokens.audience,
      typ: 'at+jwt',
      currentDate: tokens.clock.now(),
      maxTokenAge: tokenMinutes * 60,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
    });
    return await bearerOf(tokens, payload);
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'expired' : 'invalid';
  }
}

/** One text for one token: base64url lets the last character of a part vary without a meaning, which a list of used tokens would miss. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function publicKeyOf({ keys, clock }: Tokens, kid: string | undefined): TokenKey['publicKey'] {
  if (kid === keys.current.kid) return keys.current.publicKey;
  const retired = keys.retired.find(({ key }) => key.kid === kid);
  if (!retired || Date.parse(retired.until) <= clock.now().getTime()) throw new errors.JWKSNoMatchingKey();
  return retired.key.publicKey;
}

async function bearerOf(tokens: Tokens, payload: JWTPayload): Promise<Bearer | 'invalid'> {
  const { jti, iat, exp, issuedAt } = payload;
  const session = await sessionOf(tokens, payload);
  if (!session || jti === undefined || exp === undefined || typeof issuedAt !== 'string') return 'invalid';
  if (Math.floor(Date.parse(issuedAt) / 1_000) !== iat) return 'invalid';
  return { session, tokenId: jti, issuedAt, expiresAt: moment(exp) };
}

async function sessionOf(tokens: Tokens, { kind, sub, grants }: JWTPayload): Promise<Session | undefined> {
  if (typeof sub !== 'string' || sub === '') return undefined;
  if (kind === 'principal') {
    const known = grantsIn(grants);
    return known && { kind: 'principal', principal: sub, grants: known };
  }
  if (kind !== 'member') return undefined;
  const { plaintext } = await compactDecrypt(sub, tokens.sessionSecret, {
    keyManagementAlgorithms: ['dir'],
    contentEncryptionAlgorithms: ['A256GCM'],
  });
  return sessionIn(Buffer.from(plaintext).toString('utf8'));
}

function moment(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

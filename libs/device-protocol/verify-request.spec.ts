import { describe, expect, it } from '@jest/globals';
import { httpbis } from 'http-message-signatures';
import { toBase64url, utf8 } from './base64.ts';
import { newDeviceKeys } from './device-client.ts';
import type { SignedRequest } from './headers.ts';
import { NonceMemory } from './nonce-memory.ts';
import { signRequest, type ToSign } from './sign-request.ts';
import { coveredComponents, signatureBase, signatureParams } from './signature-base.ts';
import { verifyRequest, type VerifyOptions } from './verify-request.ts';

const AT = new Date('2026-11-24T15:00:00.400Z');
const keys = await newDeviceKeys(true);
const publicKey = toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)));
const body = utf8('{"ticket":"t"}');

async function signed(changes: Partial<ToSign> = {}): Promise<SignedRequest> {
  const request = {
    method: 'POST',
    url: 'https://palm.example/device/v1/payments?wait=1',
    body,
    idempotencyKey: 'key-1',
    last: 'value0',
    keyid: 'device1',
    privateKey: keys.privateKey,
    created: AT,
    ...changes,
  };
  return { method: request.method, url: request.url, body: request.body, headers: await signRequest(request) };
}

function verified(request: SignedRequest, options: Partial<VerifyOptions> = {}) {
  return verifyRequest(request, { now: AT, publicKeyOf: () => publicKey, ...options });
}

async function reason(request: SignedRequest, options?: Partial<VerifyOptions>): Promise<string> {
  const verdict = await verified(request, options);
  return verdict.outcome === 'refused' ? verdict.reason : verdict.outcome;
}

function withHeader(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  const { [name]: _old, ...headers } = request.headers;
  return { ...request, headers: value === undefined ? headers : { ...headers, [name]: value } };
}

describe('a signed request', () => {
  it('names its device, its last value and its idempotency key', async () => {
    expect(await verified(await signed())).toMatchObject({
      outcome: 'verified',
      device: 'device1',
      created: 1795532400,
      last: 'value0',
      idempotencyKey: 'key-1',
    });
  });

  it('may have neither body nor idempotency key', async () => {
    const { body: _body, ...rest } = await signed({
      method: 'GET',
      body: new Uint8Array(),
      idempotencyKey: undefined!,
    });
    const headers = Object.fromEntries(Object.entries(rest.headers).filter(([, value]) => value !== undefined));
    expect(await reason({ ...rest, headers, body: new Uint8Array() })).toBe('verified');
  });

  it('has the base that the library makes of it', async () => {
    const { method, url, headers } = await signed();
    const fields = coveredComponents(headers, true).map((name) => name);
    const theirs = httpbis.formatSignatureBase(httpbis.createSignatureBase({ fields }, { method, url, headers }));
    const params = signatureParams(fields, { created: 1, nonce: 'n', keyid: 'k' });
    expect(signatureBase({ method, url, headers }, fields, params)).toBe(`${theirs}\n"@signature-params": ${params}`);
  });

  it('may be signed by another library, in another order', async () => {
    const { method, url, headers } = await signed();
    const { signature: _signature, 'signature-input': _input, ...unsigned } = headers;
    const sign = async (base: Buffer): Promise<Buffer> =>
      Buffer.from(await crypto.subtle.sign('Ed25519', keys.privateKey, new Uint8Array(base)));
    const message = await httpbis.signMessage(
      {
        key: { id: 'device1', alg: 'ed25519', sign },
        name: 'device',
        params: ['keyid', 'alg', 'nonce', 'created'],
        paramValues: { created: AT, nonce: 'a'.repeat(22) },
        fields: [...coveredComponents(unsigned, true)].reverse(),
      },
      { method, url, headers: unsigned },
    );
    const lower = Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    const request = { method, url, headers: Object.fromEntries(lower) as Record<string, string>, body };
    expect(await reason(request)).toBe('verified');
  });

  it.each<[string, (request: SignedRequest) => SignedRequest]>([
    ['method', (request) => ({ ...request, method: 'PUT' })],
    ['host', (request) => ({ ...request, url: request.url.replace('palm.', 'other.') })],
    ['path', (request) => ({ ...request, url: request.url.replace('payments', 'visits') })],
    ['query', (request) => ({ ...request, url: request.url.replace('wait=1', 'wait=2') })],
    ['content type', (request) => withHeader(request, 'content-type', 'text/plain')],
    ['idempotency key', (request) => withHeader(request, 'idempotency-key', 'key-2')],
    ['last value', (request) => withHeader(request, 'palmledger-last', 'value1')],
    ['created', (request) => alteredInput(request, /created=\d+/, 'created=1795532401')],
    ['nonce', (request) => alteredInput(request, /nonce="./, 'nonce="-')],
    ['device', (request) => alteredInput(request, 'device1', 'device2')],
    ['signature', (request) => withHeader(request, 'signature', `device=:${'A'.repeat(86)}==:`)],
  ])('does not hold with another %s', async (_part, altered) => {
    expect(await reason(altered(await signed()))).toBe('signature-invalid');
  });

  it('does not hold with another body, nor with a digest made for that body', async () => {
    const other = utf8('{"ticket":"u"}');
    const request = await signed();
    expect(await reason({ ...request, body: other })).toBe('digest-mismatch');
    const digest = (await signed({ body: other })).headers['content-digest'];
    expect(await reason({ ...withHeader(request, 'content-digest', digest), body: other })).toBe('signature-invalid');
  });

  it.each([
    [
      'an uncovered idempotency key',
      async () => withHeader(await signed({ idempotencyKey: undefined! }), 'idempotency-key', 'x'),
    ],
    ['a component left out', async () => alteredInput(await signed(), ' "@query"', '')],
    ['a component that is not of the protocol', async () => alteredInput(await signed(), '"@query"', '"@scheme"')],
  ])('is refused with %s', async (_what, request) => {
    expect(await reason(await request())).toBe('not-covered');
  });

  it.each([
    ['a component twice', (request: SignedRequest) => alteredInput(request, '"@query"', '"@query" "@query"')],
    ['a component with a parameter', (request: SignedRequest) => alteredInput(request, '"@path"', '"@path";req')],
    [
      'a second signature',
      (request: SignedRequest) => withHeader(request, 'signature', `${request.headers['signature']}, b=:AA==:`),
    ],
    ['no signature', (request: SignedRequest) => withHeader(request, 'signature', undefined)],
    ['no input', (request: SignedRequest) => withHeader(request, 'signature-input', undefined)],
    ['two last values', (request: SignedRequest) => withHeader(request, 'palmledger-last', 'a, b')],
    ['another algorithm', (request: SignedRequest) => alteredInput(request, 'ed25519', 'hmac')],
    ['no digest', (request: SignedRequest) => withHeader(request, 'content-digest', undefined)],
  ])('is malformed with %s', async (_what, altered) => {
    expect(await reason(altered(await signed()))).toBe('malformed');
  });

  it('is refused unsigned, from an unknown device, and for another host', async () => {
    const request = await signed();
    const bare = withHeader(withHeader(request, 'signature', undefined), 'signature-input', undefined);
    expect(await reason(bare)).toBe('unsigned');
    expect(await reason(request, { publicKeyOf: () => undefined })).toBe('device-unknown');
    expect(await reason(request, { authorities: ['elsewhere.example'] })).toBe('authority-foreign');
    expect(await reason(request, { authorities: ['palm.example'] })).toBe('verified');
  });

  it.each([
    [-61, 'out-of-window'],
    [-60, 'verified'],
    [60, 'verified'],
    [61, 'out-of-window'],
  ])('made %d seconds from now is %s', async (seconds, expected) => {
    expect(await reason(await signed({ created: new Date(AT.getTime() + seconds * 1000) }))).toBe(expected);
  });

  it('counts once', async () => {
    const nonces = new NonceMemory({ startedAt: new Date(AT.getTime() - 5000) });
    const request = await signed();
    expect(await reason(request, { nonces })).toBe('verified');
    expect(await reason(request, { nonces })).toBe('nonce-repeated');
  });

  it('takes no nonce from the memory while it does not hold', async () => {
    const nonces = new NonceMemory({ startedAt: new Date(AT.getTime() - 5000) });
    await reason(withHeader(await signed(), 'palmledger-last', 'forged'), { nonces });
    expect(nonces.size).toBe(0);
  });
});

function alteredInput(request: SignedRequest, from: string | RegExp, to: string): SignedRequest {
  return withHeader(request, 'signature-input', request.headers['signature-input']!.replace(from, to));
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import { toBase64url, utf8 } from './base64.ts';
import { openCard } from './card.ts';
import { DeviceRefuses, NoAnswer, Problem } from './client-errors.ts';
import { chainStart, followChain, type ChainState } from './device-chain.ts';
import { DeviceClient, newDeviceKeys } from './device-client.ts';
import { memoryStore, type DeviceStore } from './device-state.ts';
import { newKeyPair } from './hpke.ts';
import { openCapture } from './open-capture.ts';
import { signKey } from './signed-key.ts';
import { verifyRequest } from './verify-request.ts';

const AT = new Date('2026-11-24T15:00:00.000Z');
const BASE = 'https://palm.example';
const serviceRoot = await newDeviceKeys(true);
const networkRoot = await newDeviceKeys(true);
const zone = await newKeyPair();
const deviceKeys = await newDeviceKeys();

async function rawOf(keys: CryptoKeyPair): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)));
}

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  readonly idempotencyKey: string | undefined;
}

/** The server's half of the protocol, around a table of answers. */
class Service {
  readonly seen: Seen[] = [];
  readonly verdicts: string[] = [];
  chain: ChainState | undefined;
  loseNext = 0;
  answers: (seen: Seen) => { status: number; body?: unknown } = () => ({ status: 200, body: {} });
  #given = 0;

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = input as string;
    const body = init.body ? new Uint8Array(init.body as Uint8Array<ArrayBuffer>) : new Uint8Array();
    const headers = init.headers as Record<string, string>;
    const method = init.method ?? 'GET';
    const publicKey = await rawOf(deviceKeys);
    const verdict = await verifyRequest(
      { method, url, headers, body },
      { now: AT, publicKeyOf: (id) => (['device1', 'activation'].includes(id) ? publicKey : undefined) },
    );
    if (verdict.outcome !== 'verified') throw new Error(verdict.reason);
    const next = this.#follow(verdict.last, verdict.print, verdict.created);
    const text = new TextDecoder().decode(body);
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    const seen = { method, path: new URL(url).pathname, body: parsed, idempotencyKey: verdict.idempotencyKey };
    this.seen.push(seen);
    const { status, body: answer } = this.answers(seen);
    if (this.loseNext > 0) {
      this.loseNext -= 1;
      throw new TypeError('connection lost');
    }
    return new Response(answer === undefined ? null : JSON.stringify(answer), {
      status,
      headers: next === undefined ? {} : { 'palmledger-next': next },
    });
  };

  #follow(last: string, print: string, created: number): string | undefined {
    const fresh = `v${++this.#given}`;
    if (this.chain === undefined) {
      expect(last).toBe('none');
      this.chain = chainStart(fresh);
      return fresh;
    }
    const verdict = followChain(this.chain, { last, print, created }, fresh);
    this.verdicts.push(verdict.verdict);
    if (verdict.verdict === 'passed') this.chain = verdict.state;
    return 'next' in verdict ? verdict.next : undefined;
  }
}

async function keysOfTheDay() {
  const days = { notBefore: '2026-11-24T00:00:00.000Z', notAfter: '2026-11-25T00:00:00.000Z' };
  const key = { keyId: 'k1', publicKey: zone.publicKey, ...days };
  return {
    capture: await signKey('capture', key, serviceRoot.privateKey),
    tokeniser: await signKey('tokeniser', key, networkRoot.privateKey),
  };
}

let service: Service;
let store: DeviceStore;
let client: DeviceClient;
const keys = await keysOfTheDay();
const rootKeys = { service: await rawOf(serviceRoot), cardNetwork: await rawOf(networkRoot) };

function newClient(): DeviceClient {
  return new DeviceClient({ baseUrl: BASE, keys: deviceKeys, store, fetch: service.fetch, now: () => AT });
}

beforeEach(async () => {
  service = new Service();
  service.answers = ({ path }) => {
    if (path.endsWith('/activations'))
      return { status: 201, body: { device: 'device1', merchant: 'm1', site: 's1', nearInfrared: false, rootKeys } };
    if (path.endsWith('/keys')) return { status: 200, body: keys };
    if (path.endsWith('/identifications'))
      return { status: 200, body: { outcome: 'ticket', ticket: 't', expiresAt: '2026-11-24T15:02:00.000Z' } };
    return { status: 200, body: { ok: true } };
  };
  store = memoryStore();
  client = newClient();
});

describe('a device client', () => {
  it('is activated by a code, and shows that it holds the key', async () => {
    await client.activate('CODE');
    expect(service.seen[0]).toMatchObject({ path: '/device/v1/activations', body: { code: 'CODE' } });
    expect(await store.load()).toMatchObject({ device: 'device1', merchant: 'm1', last: 'v1', rootKeys });
  });

  it('does nothing before that', async () => {
    await expect(client.heartbeat()).rejects.toThrow(DeviceRefuses);
  });

  it('carries the last value on, one request at a time, also across a restart', async () => {
    await client.activate('CODE');
    await Promise.all([client.heartbeat(), client.heartbeat(), client.heartbeat()]);
    client = newClient();
    await client.heartbeat();
    expect(service.verdicts).toEqual(['passed', 'passed', 'passed', 'passed']);
  });

  it('repeats a request whose answer was lost as the very same one', async () => {
    await client.activate('CODE');
    service.loseNext = 1;
    await client.heartbeat();
    const [first, second] = service.seen.slice(1);
    expect(second).toEqual(first);
    expect(service.verdicts).toEqual(['passed', 'repeated']);
  });

  it('goes on after a crash that lost an answer for good', async () => {
    await client.activate('CODE');
    service.loseNext = 3;
    await expect(client.heartbeat()).rejects.toThrow(NoAnswer);
    client = newClient();
    await client.payment('p1');
    expect(service.verdicts).toEqual(['passed', 'repeated', 'repeated', 'passed']);
  });

  it('saves the new value before it hands an answer on, a refusal too', async () => {
    await client.activate('CODE');
    service.answers = () => ({ status: 409, body: { type: 'urn:x', title: 'No', code: 'x' } });
    const refused = client.voidPayment('p1');
    await expect(refused).rejects.toThrow(Problem);
    await expect(refused).rejects.toMatchObject({ status: 409, type: 'urn:x', problem: { code: 'x' } });
    expect((await store.load())!.last).toBe('v2');
  });

  it('keeps the old value where it cannot save the new one', async () => {
    await client.activate('CODE');
    const state = (await store.load())!;
    store = { load: async () => state, save: () => Promise.reject(new Error('disk full')) };
    client = newClient();
    await expect(client.heartbeat()).rejects.toThrow('disk full');
  });

  it('pays: one idempotency key from the palm to the payment, the palm sealed for just that', async () => {
    await client.activate('CODE');
    const ticket = await client.identify({ visible: utf8('palm') }, { purpose: 'pay', amount: 1250, currency: 'EUR' });
    await client.pay(ticket, 1250, 'EUR');
    const [, , identified, paid] = service.seen;
    expect(identified!.idempotencyKey).toBe(ticket.request);
    expect(paid).toMatchObject({
      path: '/device/v1/payments',
      idempotencyKey: ticket.request,
      body: { ticket: 't', amount: 1250, currency: 'EUR' },
    });
    const binding = { device: 'device1', merchant: 'm1', purpose: 'pay', amount: 1250, currency: 'EUR' } as const;
    const sealed = String(identified!.body['capture']);
    const opened = await openCapture(sealed, { ...binding, request: ticket.request }, () => zone.privateKey);
    expect(opened).toMatchObject({ outcome: 'opened', capture: { visible: utf8('palm') } });
  });

  it('enrols step by step, palm and card sealed', async () => {
    await client.activate('CODE');
    await client.startEnrolment({ version: '1', language: 'en' });
    await client.enrolPalm('h1', 'left', { visible: utf8('palm') });
    await client.enrolCard('h1', { pan: '4242424242424242', expiry: '2031-04' });
    await client.enrolPhone('h1', '+491700000001');
    await client.verifyPhone('h1', '481516');
    await client.completeEnrolment('h1');
    expect(service.seen.slice(1).map(({ path }) => path.slice('/device/v1'.length))).toEqual([
      '/enrolments',
      '/keys',
      '/enrolments/h1/palms',
      '/enrolments/h1/cards',
      '/enrolments/h1/phones',
      '/enrolments/h1/phones/verify',
      '/enrolments/h1/complete',
    ]);
    expect(JSON.stringify(service.seen)).not.toContain('4242424242424242');
    const card = service.seen[4]!;
    const binding = { sender: 'device1', request: card.idempotencyKey! };
    const opened = await openCard(String(card.body['card']), binding, () => zone.privateKey);
    expect(opened).toMatchObject({ card: { pan: '4242424242424242' } });
  });

  it('fetches the keys anew when the service has new ones before the day is over', async () => {
    await client.activate('CODE');
    const { answers } = service;
    let refusals = 1;
    const over = { type: 'urn:palmledger:problem:palm-refused', reasons: ['capture-key-unknown'] };
    service.answers = (seen) =>
      seen.path.endsWith('/identifications') && refusals-- > 0 ? { status: 422, body: over } : answers(seen);
    const ticket = await client.identify({ visible: utf8('palm') }, { purpose: 'enter' });
    expect(ticket.ticket).toBe('t');
    expect(service.seen.slice(1).map(({ path }) => path.slice('/device/v1/'.length))).toEqual([
      'keys',
      'identifications',
      'keys',
      'identifications',
    ]);
  });

  it('encrypts nothing to a key that its roots did not sign', async () => {
    await client.activate('CODE');
    service.answers = () => ({ status: 200, body: { capture: keys.tokeniser, tokeniser: keys.tokeniser } });
    const identify = client.identify({ visible: utf8('palm') }, { purpose: 'enter' });
    await expect(identify).rejects.toMatchObject({ reason: 'key-not-trusted' });
    expect(service.seen.at(-1)!.path).toBe('/device/v1/keys');
  });
});

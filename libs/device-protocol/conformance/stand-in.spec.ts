import { beforeEach, describe, expect, it } from '@jest/globals';
import { utf8 } from '../base64.ts';
import { captureInfo } from '../binding-text.ts';
import { DeviceRefuses } from '../client-errors.ts';
import { DeviceClient, newDeviceKeys, newIdempotencyKey } from '../device-client.ts';
import { memoryStore, type DeviceStore } from '../device-state.ts';
import { sealTo } from '../hpke.ts';
import { ROUTES } from '../routes.ts';
import { signRequest } from '../sign-request.ts';
import type { Rule } from './finding.ts';
import { StandIn, type Judged, type StandInOptions } from './stand-in.ts';

const URL_OF_IT = 'http://recorder.test:4000';
const PNG = () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const card = { pan: '4242424242424242', expiry: '2031-04' };

let keys: CryptoKeyPair;
let store: DeviceStore;
let judged: Judged[];
let client: DeviceClient;
let send: (url: string, init?: RequestInit) => Promise<Response>;
/** What a broken device does to a request on its way out. */
let spoil: (headers: Record<string, string>, body: Uint8Array) => void;

async function begin(options: Partial<StandInOptions> = {}): Promise<void> {
  const standIn = await StandIn.begin({ authority: 'recorder.test:4000', now: () => new Date(), ...options });
  keys = await newDeviceKeys(true);
  store = memoryStore();
  judged = [];
  spoil = () => undefined;
  send = async (url, init = {}) => {
    const headers = { ...(init.headers as Record<string, string>) };
    const body = (init.body as Uint8Array | undefined)?.slice() ?? new Uint8Array();
    spoil(headers, body);
    const one = await standIn.receive({ method: init.method ?? 'GET', url: url, headers, body });
    judged.push(one);
    if (one.answer === undefined) throw new TypeError('lost');
    return new Response(JSON.stringify(one.answer.body), { status: one.answer.status, headers: one.answer.headers });
  };
  client = new DeviceClient({ baseUrl: URL_OF_IT, keys, store, fetch: send as unknown as typeof fetch, attempts: 2 });
}

function rules(): Rule[] {
  return judged.flatMap(({ findings }) => findings.map(({ rule }) => rule));
}

beforeEach(() => begin());

describe('a stand-in that judges a device', () => {
  it('finds nothing to say of the client of this protocol, whatever it does', async () => {
    await client.activate('any');
    const { handle } = await client.startEnrolment({ version: '1', language: 'en' });
    await client.enrolPalm(handle, 'left', { visible: PNG() });
    await client.enrolCard(handle, card);
    await client.enrolPhone(handle, '+491701234567');
    await client.verifyPhone(handle, '123456');
    await client.completeEnrolment(handle);
    const asked = { purpose: 'pay', amount: 1250, currency: 'EUR' } as const;
    const ticket = await client.identify({ visible: PNG() }, asked);
    const { payment } = await client.pay(ticket, 1250, 'EUR');
    await client.refund(payment, 250, 'returned');
    expect(await client.payment(payment)).toMatchObject({ left: 1000 });
    await client.addPalm(await client.identify({ visible: PNG() }, { purpose: 'manage' }), 'right', { visible: PNG() });
    await client.heartbeat();
    expect(rules()).toEqual([]);
    expect(judged.length).toBeGreaterThan(12);
  });

  it('given answers that are lost, sees the client repeat the very request', async () => {
    await begin({ loseEvery: 2 });
    await client.activate('any');
    await client.startEnrolment({ version: '1', language: 'en' });
    await client.startEnrolment({ version: '1', language: 'en' });
    await client.startEnrolment({ version: '1', language: 'en' });
    expect(rules()).toEqual([]);
    expect(judged.filter(({ answer }) => answer === undefined)).toHaveLength(1);
  });

  it('given keys that the root did not sign, sees the client refuse them', async () => {
    await begin({ badKeysFirst: true });
    await client.activate('any');
    await expect(client.keys()).rejects.toThrow(DeviceRefuses);
    await client.keys();
    expect(rules()).toEqual([]);
  });

  it.each<[string, Rule, (headers: Record<string, string>, body: Uint8Array) => void]>([
    ['without a signature', 'signature-input', (headers) => delete headers['signature-input']],
    ['with another label', 'signature-input', (headers) => replace(headers, 'signature-input', 'device=', 'sig1=')],
    ['without alg', 'signature-input', (headers) => replace(headers, 'signature-input', ';alg="ed25519"', '')],
    [
      'with a short nonce',
      'signature-input',
      (headers) => replace(headers, 'signature-input', /nonce="[^"]+"/, 'nonce="abc"'),
    ],
    ['without the query covered', 'covered', (headers) => replace(headers, 'signature-input', ' "@query"', '')],
    ['with a body altered', 'content-digest', (_headers, body) => void (body[body.length - 2] = 0x20)],
    ['without a digest', 'content-digest', (headers) => delete headers['content-digest']],
    ['with another value of the chain', 'chain', (headers) => void (headers['palmledger-last'] = 'other')],
    ['without an idempotency key', 'idempotency-key', (headers) => delete headers['idempotency-key']],
    ['as plain text', 'content-type', (headers) => void (headers['content-type'] = 'text/plain')],
    ['with an altered signature', 'signature', (headers) => replace(headers, 'signature', /:[A-Za-z0-9+/]/, ':_')],
    ['created long ago', 'window', (headers) => replace(headers, 'signature-input', /created=\d+/, 'created=1000')],
  ])('given a request %s, says %s', async (_what, rule, how) => {
    await client.activate('any');
    spoil = how;
    await client.startEnrolment({ version: '1', language: 'en' }).catch(() => undefined);
    expect(rules()).toContain(rule);
  });

  it('given a nonce twice, says so', async () => {
    const state = await client.activate('any');
    for (let time = 0; time < 2; time += 1)
      await signed(
        'POST',
        ROUTES.heartbeats,
        {},
        { last: (await store.load())!.last, nonce: 'A'.repeat(22), keyid: state.device },
      );
    expect(rules()).toEqual(['nonce']);
  });

  it('given a capture that is sealed for something else, says for what', async () => {
    await client.activate('any');
    const { device, merchant } = await client.state();
    const { capture: key } = await client.keys();
    const request = newIdempotencyKey();
    const send = async (info: Uint8Array<ArrayBuffer>, plaintext: Uint8Array<ArrayBuffer>) => {
      const body = { purpose: 'enter', capture: await sealTo(key, info, plaintext) };
      await client.request('POST', ROUTES.identifications, body, { idempotencyKey: request }).catch(() => undefined);
      return judged.at(-1)!.findings.map(({ says }) => says);
    };
    const binding = { device, merchant, purpose: 'enter', request } as const;
    const info = captureInfo(binding, key.keyId);
    const text = new TextDecoder().decode(info);
    expect(await send(captureInfo({ ...binding, purpose: 'leave' }, key.keyId), PNG())).toEqual([
      expect.stringContaining('"leave"'),
    ]);
    expect(await send(utf8(`${text}\n`), PNG())).toEqual([expect.stringContaining('line feed')]);
    expect(await send(utf8(text.replaceAll('\n', '\r\n')), PNG())).toEqual([expect.stringContaining('CRLF')]);
    expect(await send(utf8('nonsense'), PNG())).toEqual([expect.stringContaining('info must be')]);
    expect(await send(info, PNG())).toEqual([expect.stringContaining('sealed as it is')]);
    expect(await send(info, utf8('PLC1x'))).toEqual([expect.stringContaining('lengths')]);
  });

  it('given a ticket that is spent for another amount or under another key, says so', async () => {
    await client.activate('any');
    const asked = { purpose: 'pay', amount: 1250, currency: 'EUR' } as const;
    const ticket = await client.identify({ visible: PNG() }, asked);
    await client.pay(ticket, 9, 'EUR').catch(() => undefined);
    await client.pay({ ...ticket, request: newIdempotencyKey() }, 1250, 'EUR').catch(() => undefined);
    await client.enter(ticket).catch(() => undefined);
    expect(rules()).toEqual(['ticket', 'ticket', 'ticket']);
  });

  it('given a card number in the clear, a field too many, or an unknown path, says so', async () => {
    await client.activate('any');
    const card = { card: '4242424242424242' };
    await client.request('POST', ROUTES.enrolmentCards('h'), card).catch(() => undefined);
    await client.request('POST', ROUTES.heartbeats, { more: 1 }).catch(() => undefined);
    await client.request('POST', '/device/v1/dances', {}).catch(() => undefined);
    expect(rules()).toEqual(['card-in-the-clear', 'body', 'route']);
  });

  it('given a request before any activation, says that the device is not activated', async () => {
    await signed('GET', ROUTES.keys, undefined, { last: 'none', keyid: 'device1' });
    expect(rules()).toContain('keyid');
  });
});

async function signed(
  method: string,
  path: string,
  body: object | undefined,
  about: { last: string; keyid: string; nonce?: string },
) {
  const bytes = body === undefined ? new Uint8Array() : utf8(JSON.stringify(body));
  const url = URL_OF_IT + path;
  const headers = await signRequest({
    method,
    url,
    body: bytes,
    ...about,
    privateKey: keys.privateKey,
    created: new Date(),
    ...(method === 'GET' ? {} : { idempotencyKey: newIdempotencyKey() }),
  });
  const state = await store.load();
  const answer = await send(url, { method, headers, body: bytes });
  const next = answer.headers.get('palmledger-next');
  if (state !== undefined && next !== null) await store.save({ ...state, last: next });
}

function replace(headers: Record<string, string>, name: string, from: string | RegExp, to: string): void {
  headers[name] = headers[name]!.replace(from, to);
}

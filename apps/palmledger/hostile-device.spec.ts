import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import { ROUTES } from '#libs/device-protocol/routes.ts';
import { newId } from '#libs/runtime/ids.ts';
import {
  enrolAt,
  openDevice,
  sendAsItIs,
  type Heard,
  type OpenDevice,
  type SignedCall,
} from '#libs/testing/shop-floor.ts';
import { startSystem, type Started } from '#libs/testing/started.ts';
import { revokeDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { registerDevice } from '#libs/use-cases/party/device.ts';

let system: Started;
let till: OpenDevice;
let foreign: OpenDevice;
const anna = '+491701234567';
const asked = () => ({
  caller: system.admin,
  request: { caller: 'test', idempotencyKey: newId(), digest: '' },
});
const now = () => system.running.parts.clock.now();
const another = async () => openDevice(system.running.url, await system.activationCode(), now);

beforeAll(async () => {
  system = await startSystem();
  till = await another();
  foreign = await deviceElsewhere();
  await enrolAt(till, 'anna', anna, system.outboxDir);
});
afterAll(() => system.stop());

async function deviceElsewhere(): Promise<OpenDevice> {
  const { parts, url } = system.running;
  const { merchant } = await registerMerchant(parts, { ...asked(), name: 'Other', country: 'DE', currency: 'EUR' });
  const place = { name: 'Other', place: 'Bonn', timeZone: 'Europe/Berlin' };
  const { site } = await openSite(parts, { ...asked(), merchant, ...place });
  await signContract(parts, { ...asked(), merchant, purposes: ['pay', 'visit', 'badge'] });
  const device = { merchant, site, kind: 'till', name: 'Till', nearInfrared: true } as const;
  return openDevice(url, (await registerDevice(parts, { ...asked(), ...device })).activationCode, now);
}

const eur = (amount: number) => ({ purpose: 'pay', amount, currency: 'EUR' }) as const;
const captured = async () => (await system.running.parts.network.book()).reduce((sum, one) => sum + one.captured, 0);
const ticketFor = (amount: number, device = till) => device.identify('anna', eur(amount), '4567');

describe('a request that was signed, altered on its way', () => {
  const heartbeat = (device: OpenDevice) => device.sign('POST', ROUTES.heartbeats, {});
  const withHeader = (call: SignedCall, name: string, value: string): SignedCall => ({
    ...call,
    headers: { ...call.headers, [name]: value },
  });
  const withoutHeader = (call: SignedCall, name: string): SignedCall => {
    const { [name]: _gone, ...headers } = call.headers;
    return { ...call, headers };
  };
  const swap = (call: SignedCall, name: string, from: RegExp | string, to: string): SignedCall =>
    withHeader(call, name, call.headers[name]!.replace(from, to));

  const alterations: readonly [string, (call: SignedCall) => SignedCall][] = [
    ['its path', (call) => ({ ...call, url: call.url.replace(ROUTES.heartbeats, ROUTES.enrolments) })],
    ['a query', (call) => ({ ...call, url: `${call.url}?amount=1` })],
    ['a slash at the end', (call) => ({ ...call, url: `${call.url}/` })],
    ['its path, in capitals', (call) => ({ ...call, url: call.url.replace('heartbeats', 'Heartbeats') })],
    ['its path, percent-encoded', (call) => ({ ...call, url: call.url.replace('heartbeats', '%68eartbeats') })],
    ['its body', (call) => ({ ...call, body: '{ }' })],
    ['its body taken away', (call) => ({ ...call, body: '' })],
    ['its digest', (call) => swap(call, 'content-digest', /:./, ':A')],
    ['its digest named otherwise', (call) => swap(call, 'content-digest', 'sha-256', 'sha-512')],
    ['two digests', (call) => swap(call, 'content-digest', /^.*$/, '$&, $&')],
    ['its idempotency key', (call) => withHeader(call, 'idempotency-key', newIdempotencyKey())],
    ['its idempotency key taken away', (call) => withoutHeader(call, 'idempotency-key')],
    ['its last value', (call) => withHeader(call, 'palmledger-last', 'none')],
    ['its last value taken away', (call) => withoutHeader(call, 'palmledger-last')],
    ['its content type', (call) => withHeader(call, 'content-type', 'application/json; charset=utf-8')],
    [
      'its time',
      (call) => swap(call, 'signature-input', /created=\d+/, `created=${Math.floor(Date.now() / 1000) + 1}`),
    ],
    ['its nonce', (call) => swap(call, 'signature-input', /nonce="./, 'nonce="A')],
    ['its key id', (call) => swap(call, 'signature-input', /keyid="[^"]+"/, `keyid="${newId()}"`)],
    ['its algorithm', (call) => swap(call, 'signature-input', 'ed25519', 'hmac-sha256')],
    ['no algorithm', (call) => swap(call, 'signature-input', ';alg="ed25519"', '')],
    ['a part uncovered', (call) => swap(call, 'signature-input', ' "idempotency-key"', '')],
    ['nothing covered', (call) => swap(call, 'signature-input', /\(.*?\)/, '()')],
    ['a second signature', (call) => swap(call, 'signature', /^.*$/, '$&, $&')],
    ['its signature', (call) => swap(call, 'signature', /:..../, ':AAAA')],
    ['its signature taken away', (call) => withoutHeader(call, 'signature')],
    [
      'its signature label',
      (call) => swap(swap(call, 'signature', 'device=', 'a='), 'signature-input', 'device=', 'a='),
    ],
  ];

  it.each(alterations)('given %s, is refused; then the true one is taken', async (_what, alter) => {
    const call = await heartbeat(till);
    const heard = await sendAsItIs(alter(call));
    const about = `${heard.status} ${heard.text}`;
    expect([about, [400, 401, 404].includes(heard.status)]).toEqual([about, true]);
    expect(heard.next).toBeNull();
    expect((await till.send(call)).status).toBeLessThan(300);
  });

  it('given another method, is refused', async () => {
    const call = await till.sign('PUT', ROUTES.heartbeats, {});
    expect(await sendAsItIs({ ...call, method: 'POST' })).toMatchObject({ status: 401, reason: 'signature-invalid' });
  });

  it('given the key of another device, is refused', async () => {
    const mine = await heartbeat(till);
    const theirs = await foreign.sign('POST', ROUTES.heartbeats, {});
    const mixed = { ...mine, headers: { ...mine.headers, signature: theirs.headers['signature']! } };
    expect(await sendAsItIs(mixed)).toMatchObject({ status: 401, reason: 'signature-invalid' });
  });

  it.each([-61, -3_600, 62, 86_400])('given one signed %i s from now, is refused', async (seconds) => {
    const created = new Date(now().getTime() + seconds * 1_000);
    const call = await till.sign('POST', ROUTES.heartbeats, {}, { created });
    expect(await sendAsItIs(call)).toMatchObject({ status: 401, reason: 'out-of-window' });
  });

  it('given one again, a hundred times at once, takes one', async () => {
    const call = await heartbeat(till);
    const heard = await Promise.all(Array.from({ length: 100 }, () => sendAsItIs(call)));
    const [taken, ...others] = heard.filter(({ status }) => status < 300);
    expect(others).toEqual([]);
    const refusals = new Set(heard.filter((one) => one !== taken).map(({ reason }) => reason));
    expect([...refusals]).toEqual(['nonce-repeated']);
    await till.store.save({ ...(await till.store.load())!, last: taken!.next! });
  });
});

describe('a device that is not what it was', () => {
  it('given a clone, both are out, and it is on the record', async () => {
    const device = await another();
    const { last } = (await device.store.load())!;
    for (let n = 0; n < 3; n++) await device.send(await device.sign('POST', ROUTES.heartbeats, {}));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const clone = await device.sign('POST', ROUTES.heartbeats, {}, { last });
    expect(await sendAsItIs(clone)).toMatchObject({ status: 401, reason: 'device-suspected' });
    const own = await device.sign('POST', ROUTES.heartbeats, {});
    expect((await sendAsItIs(own)).status).toBe(401);
    const { device: id } = (await device.store.load())!;
    const records = await system.running.parts.ledger.readStream(`device-${id}`, { limit: 50 });
    expect(records.map(({ type }) => type)).toContain('DeviceSuspected');
  });

  it('given one that was revoked, nothing of it is taken', async () => {
    const device = await another();
    const ticket = await ticketFor(300, device);
    const { device: id } = (await device.store.load())!;
    await revokeDevice(system.running.parts, { ...asked(), device: id, reason: 'lost' });
    const pay = await device.sign('POST', ROUTES.payments, { ticket: ticket.ticket, amount: 300, currency: 'EUR' });
    expect(await sendAsItIs(pay)).toMatchObject({ status: 401, reason: 'device-unknown' });
    expect((await sendAsItIs(await device.sign('GET', ROUTES.keys))).status).toBe(401);
  });

  it('given an activation code a second time, refuses it', async () => {
    const code = await system.activationCode();
    await openDevice(system.running.url, code, now);
    await expect(openDevice(system.running.url, code, now)).rejects.toMatchObject({ name: 'Problem' });
  });
});

describe('a capture', () => {
  const sealed = async (device: OpenDevice, key: string, amount = 500) =>
    device.client.sealCapture(await device.capture('anna'), 'pay', key, { amount, currency: 'EUR' });
  const identify = async (device: OpenDevice, idempotencyKey: string, body: object) =>
    device.send(await device.sign('POST', ROUTES.identifications, body, { idempotencyKey }));

  const isRefused = ({ status, type, text }: Heard): void => {
    expect([text, [403, 422].includes(status)]).toEqual([text, true]);
    expect(type).toBe('palm-refused');
    expect(text).not.toContain('ticket"');
  };

  it('sent under another key, amount, currency, purpose, or by another device, identifies nobody', async () => {
    const key = newIdempotencyKey();
    const capture = await sealed(till, key);
    isRefused(await identify(till, newIdempotencyKey(), { ...eur(500), capture }));
    isRefused(await identify(till, key, { ...eur(501), capture }));
    isRefused(await identify(till, key, { purpose: 'pay', amount: 500, currency: 'USD', capture }));
    for (const purpose of ['enter', 'leave', 'check', 'manage', 'confirm'])
      isRefused(await identify(till, key, { purpose, amount: 500, currency: 'EUR', capture }));
    isRefused(await identify(till, key, { purpose: 'pay', capture }));
    isRefused(await identify(foreign, key, { ...eur(500), capture }));
    isRefused(await identify(await another(), key, { ...eur(500), capture }));
  });

  it('altered by one character, identifies nobody', async () => {
    const key = newIdempotencyKey();
    const capture = await sealed(till, key);
    for (const at of [0, 5, 60, Math.floor(capture.length / 2), capture.length - 1]) {
      const other = capture[at] === 'A' ? 'B' : 'A';
      const altered = capture.slice(0, at) + other + capture.slice(at + 1);
      isRefused(await identify(till, key, { ...eur(500), capture: altered }));
    }
  });

  it('of a payment, does not enrol', async () => {
    const { handle } = await till.client.startEnrolment({ version: '2026-11', language: 'en' });
    const key = newIdempotencyKey();
    const body = { hand: 'left', capture: await sealed(till, key) };
    const call = await till.sign('POST', ROUTES.enrolmentPalms(handle), body, { idempotencyKey: key });
    isRefused(await till.send(call));
  });
});

describe('a ticket', () => {
  const pay = async (device: OpenDevice, idempotencyKey: string, body: object, path: string = ROUTES.payments) =>
    device.send(await device.sign('POST', path, body, { idempotencyKey }));

  it('spent under another key, amount, currency, purpose, or by another device, pays nothing', async () => {
    const before = await captured();
    const { ticket, request } = await ticketFor(700);
    const refused = { status: 403, type: 'ticket-bound-elsewhere' };
    expect(await pay(till, newIdempotencyKey(), { ticket, amount: 700, currency: 'EUR' })).toMatchObject(refused);
    expect(await pay(till, request, { ticket, amount: 7_000, currency: 'EUR' })).toMatchObject(refused);
    expect((await pay(till, request, { ticket, amount: 700, currency: 'USD' })).status).toBeGreaterThan(399);
    expect(await pay(till, request, { ticket }, ROUTES.visits)).toMatchObject(refused);
    expect(await pay(till, request, { ticket, kind: 'badge' }, ROUTES.checks)).toMatchObject(refused);
    expect(await pay(foreign, request, { ticket, amount: 700, currency: 'EUR' })).toMatchObject(refused);
    expect(await pay(await another(), request, { ticket, amount: 700, currency: 'EUR' })).toMatchObject(refused);
    expect(await captured()).toBe(before);
    expect((await pay(till, request, { ticket, amount: 700, currency: 'EUR' })).body).toMatchObject({
      state: 'captured',
    });
    expect(await pay(till, request, { ticket, amount: 701, currency: 'EUR' })).toMatchObject({ status: 422 });
    expect(await captured()).toBe(before + 700);
  });

  it('that was never given, is none', async () => {
    const ticket = 'A'.repeat(43);
    const heard = await pay(till, newIdempotencyKey(), { ticket, amount: 700, currency: 'EUR' });
    expect(heard).toMatchObject({ status: 404, type: 'ticket-unknown' });
  });

  it('spent again and again under its key, pays once and says the same each time', async () => {
    const before = await captured();
    const device = await another();
    const { ticket, request } = await ticketFor(800, device);
    const once = await device.client.send(
      'POST',
      ROUTES.payments,
      { ticket, amount: 800, currency: 'EUR' },
      { idempotencyKey: request },
    );
    const again = await Promise.all(
      [1, 2, 3].map(() =>
        device.client.send(
          'POST',
          ROUTES.payments,
          { ticket, amount: 800, currency: 'EUR' },
          { idempotencyKey: request },
        ),
      ),
    );
    for (const { body } of again) expect(body).toEqual(once.body);
    expect(await captured()).toBe(before + 800);
  });
});

describe("another merchant's", () => {
  it('payment is none: not to read, to give back or to take back', async () => {
    const ticket = await ticketFor(900);
    const { payment } = await till.client.pay(ticket, 900, 'EUR');
    const unknown = { status: 404, type: 'payment-unknown' };
    expect(await foreign.send(await foreign.sign('GET', ROUTES.payment(payment)))).toMatchObject(unknown);
    const refund = { amount: 900, reason: 'returned' };
    expect(await foreign.send(await foreign.sign('POST', ROUTES.paymentRefunds(payment), refund))).toMatchObject(
      unknown,
    );
    expect(await foreign.send(await foreign.sign('POST', ROUTES.paymentVoid(payment), {}))).toMatchObject(unknown);
    const random = await foreign.send(await foreign.sign('GET', ROUTES.payment(newId())));
    expect(random).toMatchObject(unknown);
  });

  it('visit is none: who is in there is nobody here', async () => {
    const enter = await till.identify('anna', { purpose: 'enter' }, '4567');
    await till.client.enter(enter);
    const leave = await foreign.identify('anna', { purpose: 'leave' }, '4567');
    await expect(foreign.client.leave(leave)).rejects.toMatchObject({ status: 404 });
    await till.client.leave(await till.identify('anna', { purpose: 'leave' }, '4567'));
  });

  it('enrolment is none: nobody else goes on with it', async () => {
    const { handle } = await till.client.startEnrolment({ version: '2026-11', language: 'en' });
    for (const [path, body] of [
      [ROUTES.enrolmentPhones(handle), { number: '+491700000001' }],
      [ROUTES.enrolmentComplete(handle), {}],
    ] as const) {
      const heard = await foreign.send(await foreign.sign('POST', path, body));
      expect([heard.text, heard.status >= 400 && heard.status < 500]).toEqual([heard.text, true]);
    }
  });
});

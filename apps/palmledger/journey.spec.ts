import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device } from '#apps/demo/device.ts';
import { drawnPalms } from '#apps/demo/palms.ts';
import { Phone } from '#libs/api-client/phone.ts';
import { newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import type { Problem } from '#libs/device-protocol/client-errors.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { registerDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { start, type Running } from './start.ts';

let folder: string;
let running: Running;
let till: Device;
let phone: Phone;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journey-'));
  running = await start(
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'data'),
      PALMLEDGER_KEYS: join(folder, 'keys'),
      PALMLEDGER_OUTBOX: join(folder, 'outbox'),
      PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'debug',
      PALMLEDGER_LOG_FILE: join(folder, 'palmledger.log'),
    }),
  );
  const { parts, url } = running;
  const caller = { kind: 'admin', principal: running.firstAdmin!.principal } as const;
  const asked = () => ({ caller, request: { caller: 'test', idempotencyKey: newIdempotencyKey(), digest: '' } });
  const { merchant } = await registerMerchant(parts, { ...asked(), name: 'Corner', country: 'DE', currency: 'EUR' });
  const { site } = await openSite(parts, {
    ...asked(),
    merchant,
    name: 'Main',
    place: 'Berlin',
    timeZone: 'Europe/Berlin',
  });
  await signContract(parts, { ...asked(), merchant, purposes: ['pay', 'visit'] });
  const place = { merchant, site, kind: 'till', name: 'Till 1', nearInfrared: false } as const;
  const { activationCode } = await registerDevice(parts, { ...asked(), ...place });
  till = await Device.activated(url, activationCode, drawnPalms(), () => parts.clock.now());
  phone = new Phone(join(folder, 'outbox'), '+491701234567');
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const anna = { name: 'anna', lastFour: '4567' };
const card = { pan: '4242424242424242', expiry: '2030-12' };

describe('a member at a till', () => {
  it('enrols with consent, palm, card and phone', async () => {
    const { client } = till;
    const { handle } = await client.startEnrolment({ version: '2026-11', language: 'en' });
    await client.enrolPalm(handle, 'left', await till.capture('anna', 'left'));
    await client.enrolCard(handle, card);
    await client.enrolPhone(handle, phone.number);
    await client.verifyPhone(handle, await phone.code('phone-code'));
    expect(await client.completeEnrolment(handle)).toMatchObject({ durationMs: expect.any(Number) });
  });

  it('pays by palm; the same request again is the same payment', async () => {
    const ticket = await till.identify(anna, 'left', { purpose: 'pay', amount: 1250, currency: 'EUR' });
    const paid = await till.client.pay(ticket, 1250, 'EUR');
    expect(paid).toMatchObject({ state: 'captured', amount: 1250 });
    expect(await till.client.pay(ticket, 1250, 'EUR')).toMatchObject({ payment: paid.payment, state: 'captured' });
    expect(await running.parts.network.book()).toHaveLength(1);
  });

  it('given the palm of a stranger, is nobody', async () => {
    const stranger = till.identify({ name: 'stranger' }, 'left', { purpose: 'pay', amount: 100, currency: 'EUR' });
    await expect(stranger).rejects.toMatchObject({ type: 'urn:palmledger:problem:nobody' } satisfies Partial<Problem>);
  });

  it('given the ticket of another amount, is refused', async () => {
    const ticket = await till.identify(anna, 'left', { purpose: 'pay', amount: 100, currency: 'EUR' });
    await expect(till.client.pay(ticket, 200, 'EUR')).rejects.toMatchObject({ status: 403 });
  });

  it('leaves nothing of itself in the log or the metrics', async () => {
    const { records } = await running.parts.ledger.readAll({ after: 0n, limit: 500 });
    const ids = records.map(({ stream }) => stream.split('-')[1]!).filter((id) => id.length === 26);
    const metrics = await (await fetch(`${running.url}/metrics`)).text();
    const told = metrics + readFileSync(join(folder, 'palmledger.log'), 'utf8');
    expect(told).toContain('/device/v1/enrolments/:handle/complete');
    for (const value of [...ids, phone.number, phone.number.slice(1), card.pan, 'anna'])
      expect(told).not.toContain(value);
  });
});

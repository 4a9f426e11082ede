import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device } from '#apps/demo/device.ts';
import { drawnPalms } from '#apps/demo/palms.ts';
import { PersonApi } from '#libs/api-client/person-api.ts';
import { Phone } from '#libs/api-client/phone.ts';
import type { Problem } from '#libs/device-protocol/client-errors.ts';
import { newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import { ROUTES } from '#libs/device-protocol/routes.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { registerDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { start, type Running } from './start.ts';

let folder: string;
let running: Running;
let till: Device;
let phone: Phone;
let me: PersonApi;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'member-'));
  running = await start(
    readSettings({
      PORT: '0',
      PALMLEDGER_DATA: join(folder, 'data'),
      PALMLEDGER_KEYS: join(folder, 'keys'),
      PALMLEDGER_OUTBOX: join(folder, 'outbox'),
      PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
      PALMLEDGER_WITNESS: join(folder, 'witness'),
      PALMLEDGER_PURPOSE: 'test',
      PALMLEDGER_LOG_LEVEL: 'silent',
    }),
  );
  const { parts, url } = running;
  const caller = { kind: 'admin', principal: running.firstAdmin!.principal } as const;
  const asked = () => ({ caller, request: { caller: 'test', idempotencyKey: newIdempotencyKey(), digest: '' } });
  const { merchant } = await registerMerchant(parts, { ...asked(), name: 'Corner', country: 'DE', currency: 'EUR' });
  const opening = { merchant, name: 'Main', place: 'Berlin', timeZone: 'Europe/Berlin' };
  const { site } = await openSite(parts, { ...asked(), ...opening });
  await signContract(parts, { ...asked(), merchant, purposes: ['pay'] });
  const place = { merchant, site, kind: 'till', name: 'Till 1', nearInfrared: false } as const;
  const { activationCode } = await registerDevice(parts, { ...asked(), ...place });
  till = await Device.activated(url, activationCode, drawnPalms(), () => parts.clock.now());
  phone = new Phone(join(folder, 'outbox'), '+491701234568');
  const open = new PersonApi(url);
  me = new PersonApi(url, async () => {
    await open.post('/auth/v1/member/codes', { phone: phone.number });
    const signIn = { phone: phone.number, code: await phone.code('sign-in-code') };
    return (await open.post<{ token: string }>('/auth/v1/member/token', signIn)).token;
  });
  await enrolled();
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const bea = { name: 'bea', lastFour: '4568' };

async function enrolled(): Promise<void> {
  const { client } = till;
  const { handle } = await client.startEnrolment({ version: '2026-11', language: 'en' });
  await client.enrolPalm(handle, 'left', await till.capture('bea', 'left'));
  await client.enrolCard(handle, { pan: '4242424242424242', expiry: '2030-12' });
  await client.enrolPhone(handle, phone.number);
  await client.verifyPhone(handle, await phone.code('phone-code'));
  await client.completeEnrolment(handle);
}

const problemOf = (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error as Problem,
  );

describe('a member between platform and device', () => {
  it('signs in by a code and sees the One ID', async () => {
    expect(await me.get('/member/v1/me')).toMatchObject({ status: 'active', cards: [{ lastFour: '4242' }] });
  });

  it('adds the other palm at the device, after showing the first', async () => {
    const ticket = await till.identify(bea, 'left', { purpose: 'manage' });
    const added = await till.client.addPalm(ticket, 'right', await till.capture('bea', 'right'));
    expect(added).toMatchObject({ hand: 'right' });
    expect(await till.identify(bea, 'right', { purpose: 'pay', amount: 100, currency: 'EUR' })).toMatchObject({
      outcome: 'ticket',
    });
  });

  it('pauses, is refused at the till, and is served again once unpaused', async () => {
    await me.post('/member/v1/pause');
    const pay = () => till.identify(bea, 'left', { purpose: 'pay', amount: 300, currency: 'EUR' });
    const refused = pay().then((ticket) => till.client.pay(ticket, 300, 'EUR'));
    expect((await problemOf(refused)).type).toMatch(/:(nobody|one-id-paused)$/);
    await me.post('/member/v1/unpause');
    await me.get('/member/v1/me');
    const ticket = await pay();
    expect(await till.client.pay(ticket, 300, 'EUR')).toMatchObject({ state: 'captured' });
    const { items } = await me.get<{ items: object[] }>('/member/v1/expenses');
    expect(items).toMatchObject([{ captured: 300, merchant: { name: 'Corner' } }]);
  });

  it('gets a copy of everything by the palm and the code', async () => {
    const asked = await me.post<{ change: string; confirmationCode: string }>('/member/v1/downloads');
    const ticket = await till.identify(bea, 'left', { purpose: 'confirm' });
    expect(await till.client.confirm(ticket, asked.confirmationCode)).toEqual({ kind: 'download' });
    const held = await me.get(`/member/v1/downloads/${asked.change}`);
    expect(held).toMatchObject({ contacts: { phones: [{ number: phone.number }] }, expenses: [{ captured: 300 }] });
  });

  it('who enrols with a palm that is known goes on by a code to its phone, and no further', async () => {
    const { client } = till;
    const { handle } = await client.startEnrolment({ version: '2026-11', language: 'en' });
    const problem = await problemOf(client.enrolPalm(handle, 'left', await till.capture('bea', 'left')));
    expect(problem.type).toMatch(/:palm-known$/);
    const { known } = problem.problem;
    await client.request('POST', ROUTES.enrolmentKnown(handle), { known });
    const code = await phone.code('change-code');
    const verified = await client.request('POST', ROUTES.enrolmentKnownVerify(handle), { known, code });
    expect(verified).toEqual({ member: true });
    const going = problemOf(client.enrolPhone(handle, '+491701234569'));
    // The enrolment's erasure goes on by itself meanwhile: asked for, its destruction begun, or over.
    expect((await going).type).toMatch(/:(erasure-requested|one-id-closed|one-id-unknown)$/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device } from '#apps/demo/device.ts';
import { drawnPalms } from '#apps/demo/palms.ts';
import { Phone } from '#libs/api-client/phone.ts';
import { Problem } from '#libs/device-protocol/client-errors.ts';
import { newIdempotencyKey } from '#libs/device-protocol/device-client.ts';
import type { Ticket } from '#libs/device-protocol/messages.ts';
import { amountsOf } from '#libs/domain/payment/state.ts';
import type { MovedClock } from '#libs/runtime/moved-clock.ts';
import { readSettings } from '#libs/runtime/settings.ts';
import { startKillable } from '#libs/testing/killable.ts';
import { registerDevice } from '#libs/use-cases/party/device.ts';
import { openSite, registerMerchant, signContract } from '#libs/use-cases/party/merchant.ts';
import { payments } from '#libs/use-cases/stream/aggregates.ts';
import { load } from '#libs/use-cases/stream/load.ts';
import { start, type Running } from './start.ts';

const ROUNDS = 5;
let folder: string;
let settings: Record<string, string>;
let url: string;
let till: Device;
const random = seeded(Number(process.env['PALMLEDGER_TEST_SEED'] ?? Date.now() % 1_000_000));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kill9-'));
  settings = {
    PALMLEDGER_DATA: join(folder, 'data'),
    PALMLEDGER_KEYS: join(folder, 'keys'),
    PALMLEDGER_OUTBOX: join(folder, 'outbox'),
    PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
    PALMLEDGER_WITNESS: join(folder, 'witness'),
    PALMLEDGER_BACKUPS: join(folder, 'backups'),
    PALMLEDGER_PURPOSE: 'test',
    PALMLEDGER_LOG_LEVEL: 'silent',
  };
  const running = await start(readSettings({ ...settings, PORT: '0' }));
  ({ url } = running);
  settings['PORT'] = new URL(url).port;
  await setUp(running);
  await running.stop();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('kill -9 while a till takes payments', () => {
  it('loses nothing that was acknowledged and takes nothing twice; the network’s book equals the ledger', async () => {
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) await oneRound(100 * (round + 1), acknowledged);
    expect(acknowledged.size).toBeGreaterThan(0);

    const running = await start(readSettings(settings));
    const clock = running.parts.clock as MovedClock;
    clock.moveTo(new Date(clock.now().getTime() + 10 * 60_000));
    await settled(running);
    const told = await capturedByReference(running);
    for (const [payment, amount] of acknowledged) {
      const { state } = await load(running.parts.ledger, payments, `payment-${payment}`);
      expect({ payment, ...amountsOf(state) }).toMatchObject({ payment, captured: amount });
    }
    const book = await running.parts.network.book('0', 1_000);
    for (const { reference, captured } of book) expect(captured).toBe(told.get(reference) ?? 0);
    expect(new Set(book.map(({ key }) => key)).size).toBe(book.length);
    await running.stop();
  }, 120_000);
});

/** Payments until the kill; what got no answer is asked again, as it was, once the process is back. */
async function oneRound(amount: number, acknowledged: Map<string, number>): Promise<void> {
  const process = await startKillable(url, settings);
  const killed = new Promise((resolve) => setTimeout(resolve, 300 + Math.floor(random() * 1_200))).then(() =>
    process.kill(),
  );
  let ticket: Ticket | undefined;
  try {
    for (;;) {
      ticket = undefined;
      ticket = await till.identify(anna, 'left', { purpose: 'pay', amount, currency: 'EUR' });
      const paid = await till.client.pay(ticket, amount, 'EUR');
      if (paid.state === 'captured') acknowledged.set(paid.payment, amount);
    }
  } catch (error) {
    if (error instanceof Problem && error.status !== 503) throw error;
  }
  await killed;
  if (ticket !== undefined) await askAgain(ticket, amount, acknowledged);
}

async function askAgain(ticket: Ticket, amount: number, acknowledged: Map<string, number>): Promise<void> {
  const process = await startKillable(url, settings);
  try {
    const paid = await till.client.pay(ticket, amount, 'EUR');
    if (paid.state === 'captured') acknowledged.set(paid.payment, amount);
  } catch (error) {
    // Nothing of it had been written, and tickets live in the zone's memory alone: the palm is held again.
    expect(error).toMatchObject({ type: 'urn:palmledger:problem:ticket-unknown' });
  }
  await process.kill();
}

const anna = { name: 'anna', lastFour: '4567' };

async function setUp({ parts, firstAdmin }: Running): Promise<void> {
  const caller = { kind: 'admin', principal: firstAdmin!.principal } as const;
  const asked = () => ({ caller, request: { caller: 'test', idempotencyKey: newIdempotencyKey(), digest: '' } });
  const { merchant } = await registerMerchant(parts, { ...asked(), name: 'Corner', country: 'DE', currency: 'EUR' });
  const opened = { merchant, name: 'Main', place: 'Berlin', timeZone: 'Europe/Berlin' };
  const { site } = await openSite(parts, { ...asked(), ...opened });
  await signContract(parts, { ...asked(), merchant, purposes: ['pay'] });
  const place = { merchant, site, kind: 'till', name: 'Till', nearInfrared: false } as const;
  const { activationCode } = await registerDevice(parts, { ...asked(), ...place });
  till = await Device.activated(url, activationCode, drawnPalms(), () => new Date());
  const phone = new Phone(join(folder, 'outbox'), '+491701234567');
  const { client } = till;
  const { handle } = await client.startEnrolment({ version: parts.policy.consentVersion, language: 'en' });
  await client.enrolPalm(handle, 'left', await till.capture('anna', 'left'));
  await client.enrolCard(handle, { pan: '4242424242424242', expiry: '2031-12' });
  await client.enrolPhone(handle, phone.number);
  await client.verifyPhone(handle, await phone.code('phone-code'));
  await client.completeEnrolment(handle);
}

/** Whatever was left half-way is brought to its end by the workflows, without anybody. */
async function settled({ parts }: Running): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if ((await openOnes(parts)) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('something stayed open');
}

async function openOnes({ ledger }: Running['parts']): Promise<number> {
  let open = 0;
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({
      after,
      limit: 1_000,
      types: ['TransactionOpened', 'TransactionClosed'],
    });
    for (const { type, clear } of records) {
      // The first of a One ID is its enrolment, which is completed.
      if ((JSON.parse(clear) as { number: number }).number === 1) continue;
      open += type === 'TransactionOpened' ? 1 : -1;
    }
    if (next === after) return open;
    after = next;
  }
}

async function capturedByReference({ parts }: Running): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  for (let after = 0n; ;) {
    const { records, next } = await parts.ledger.readAll({ after, limit: 1_000, types: ['PaymentRequested'] });
    for (const { stream } of records) {
      const { state } = await load(parts.ledger, payments, stream);
      if ('network' in state && state.network !== undefined) told.set(state.network, amountsOf(state).captured);
    }
    if (next === after) return told;
    after = next;
  }
}

/** Mulberry32: the same seed, the same moments. */
function seeded(seed: number): () => number {
  let state = seed;
  process.stderr.write(`kill -9 with seed ${seed}\n`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sealCard } from '#libs/device-protocol/card.ts';
import { cardNetworkContract } from '../card-network.contract.ts';
import { OutcomeUnknown, RequestInvalid } from '../port.ts';
import { openSimulator, type SimulatedNetwork } from './simulator.ts';

const clock = { now: () => new Date('2026-11-24T15:00:00.000Z') };
const CONTEXT = { sender: 'device1', request: 'request-1' };

cardNetworkContract('simulator', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'palmledger-network-'));
  let network = await openSimulator({ folder, clock });
  return {
    network,
    restart: async () => {
      await network.close();
      return (network = await openSimulator({ folder, clock }));
    },
    close: async () => {
      await network.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('the simulated card network', () => {
  let folder: string;
  let network: SimulatedNetwork;
  let keys = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palmledger-network-'));
    network = await openSimulator({ folder, clock });
  });
  beforeEach(() => network.control({ mode: 'normal' }));
  afterAll(async () => {
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function request(pan = '4242424242424242', amount = 1250) {
    const card = await sealCard({ pan, expiry: '2031-04' }, await network.tokeniserKey(), CONTEXT);
    const made = await network.tokenise({ key: `tokenise-${++keys}`, card, context: CONTEXT });
    if (made.outcome !== 'tokenised') throw new Error(made.reason);
    return { key: `authorise-${keys}`, token: made.networkToken, amount, currency: 'EUR', merchant: 'm1' };
  }

  it.each([
    ['4000000000009995', 'insufficient-funds'],
    ['4000000000000069', 'card-expired'],
    ['4000000000009979', 'card-stolen'],
    ['4000000000000002', 'do-not-honour'],
  ])('declines the test card %s as %s', async (pan, reason) => {
    expect(await network.authorise(await request(pan))).toMatchObject({ outcome: 'declined', reason });
  });

  it('declines more than 10,000.00, and refuses the capture of one test card', async () => {
    const large = await request('4242424242424242', 1_000_001);
    expect(await network.authorise(large)).toMatchObject({ outcome: 'declined', reason: 'over-limit' });
    const { reference } = await network.authorise(await request('4000000000000341'));
    expect(await network.capture({ key: `capture-${keys}`, reference, amount: 1250 })).toMatchObject({
      reason: 'issuer-refused',
    });
  });

  it('declines every card when told so', async () => {
    const asked = await request();
    network.control({ mode: 'decline' });
    expect(await network.authorise(asked)).toMatchObject({ outcome: 'declined', reason: 'do-not-honour' });
  });

  it('that is down does nothing', async () => {
    const asked = await request();
    network.control({ mode: 'down' });
    await expect(network.authorise(asked)).rejects.toThrow(OutcomeUnknown);
    network.control({ mode: 'normal' });
    expect(await network.lookUp(asked.key)).toEqual({ step: 'unknown' });
  });

  it('that hangs is waited for no longer than the deadline', async () => {
    const asked = await request();
    network.control({ mode: 'hanging' });
    await expect(network.authorise(asked, { deadlineMs: 20 })).rejects.toMatchObject({ why: 'deadline' });
  });

  it('that is slow has done it, though nobody heard', async () => {
    const asked = await request();
    network.control({ mode: 'slow', delayMs: 5_000 });
    await expect(network.authorise(asked, { deadlineMs: 20 })).rejects.toThrow(OutcomeUnknown);
    network.control({ mode: 'normal' });
    expect(await network.authorise(asked)).toMatchObject({ outcome: 'authorised' });
    expect((await network.book()).filter(({ key }) => key === asked.key)).toHaveLength(1);
  });

  it('that is late is defeated by the cancel that came first', async () => {
    const asked = await request();
    network.control({ mode: 'late', delayMs: 60 });
    await expect(network.authorise(asked, { deadlineMs: 10 })).rejects.toThrow(OutcomeUnknown);
    network.control({ mode: 'normal' });
    expect(await network.cancel({ key: `cancel-${keys}`, cancels: asked.key })).toEqual({ outcome: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await network.lookUp(asked.key)).toMatchObject({ outcome: { outcome: 'declined', reason: 'cancelled' } });
  });

  it('tells of charge-backs once each, and keeps them within what was captured', async () => {
    const { reference } = await network.authorise(await request());
    await network.capture({ key: `capture-${keys}`, reference, amount: 1250 });
    await network.refund({ key: `refund-${keys}`, reference, amount: 250 });
    await expect(network.chargeBack(reference, 1001)).rejects.toThrow(RequestInvalid);
    const done = await network.chargeBack(reference, 1000);
    const news = await network.since('0');
    expect(news.chargeBacks).toEqual([done]);
    expect(await network.since(news.position)).toEqual({ chargeBacks: [], position: news.position });
    expect(await network.refund({ key: `more-${keys}`, reference, amount: 1 })).toMatchObject({
      reason: 'amount-too-large',
    });
  });

  it('lists its book for who compares it with the ledger', async () => {
    const asked = await request();
    const { reference } = await network.authorise(asked);
    await network.capture({ key: `capture-${keys}`, reference, amount: 1200 });
    await network.refund({ key: `refund-${keys}`, reference, amount: 200 });
    const entries = await network.book();
    expect(entries.filter(({ key }) => key === asked.key)).toEqual([
      expect.objectContaining({
        key: asked.key,
        reference,
        merchant: 'm1',
        amount: 1250,
        currency: 'EUR',
        state: 'captured',
        captured: 1200,
        refunded: 200,
        chargedBack: 0,
        lastFour: '4242',
      }),
    ]);
    expect(await network.book(entries.at(-1)!.position)).toEqual([]);
    expect(await network.book('0', 1)).toEqual(entries.slice(0, 1));
  });

  it('keeps no card number in any file, and its keys to itself', async () => {
    await network.authorise(await request());
    await network.close();
    for (const name of await readdir(folder)) {
      expect((await readFile(join(folder, name))).includes('4242424242424242')).toBe(false);
    }
    expect((await stat(join(folder, 'network-keys.json'))).mode & 0o777).toBe(0o600);
    network = await openSimulator({ folder, clock });
  });

  it('refuses a second process on its book', async () => {
    await network.authorise(await request());
    await expect(openSimulator({ folder, clock })).rejects.toThrow();
  });
});

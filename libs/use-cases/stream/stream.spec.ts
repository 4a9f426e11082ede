import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { openHouse, type House } from '#libs/testing/house.ts';
import { merchants } from './aggregates.ts';
import { decideOn } from './decide.ts';
import { load, loadAsOf } from './load.ts';

const WHO = { actor: 'admin', about: { who: 'principal-a' } } as const;
const AT = '2026-11-24T10:00:00.000Z';
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function registered(): Promise<string> {
  const [merchant] = await house.parts.keyring.reserve('merchant');
  const stream = `merchant-${merchant!}`;
  const command = { type: 'RegisterMerchant', at: AT, name: 'Corner', country: 'DE', currency: 'EUR' } as const;
  await decideOn(house.parts, merchants, stream, command, WHO);
  return stream;
}
const site = (name: string) =>
  ({ type: 'OpenSite', at: AT, site: newId(), name, place: 'Berlin', timeZone: 'Europe/Berlin' }) as const;

describe('deciding on a stream', () => {
  it('given fifty writers at once, takes each once', async () => {
    const stream = await registered();
    const sites = Array.from({ length: 50 }, (_, index) => site(`Site ${index}`));
    await Promise.all(sites.map((command) => decideOn(house.parts, merchants, stream, command, WHO)));
    const { state } = await load(house.parts.ledger, merchants, stream);
    expect(state.phase === 'registered' && state.sites.map(({ site }) => site).sort()).toEqual(
      sites.map(({ site }) => site).sort(),
    );
  });

  it('given a command that was done, writes nothing and answers from where the stream stands', async () => {
    const stream = await registered();
    const command = site('Once');
    const first = await decideOn(house.parts, merchants, stream, command, WHO);
    const again = await decideOn(house.parts, merchants, stream, command, WHO);
    expect(again).toMatchObject({ events: [], revision: first.revision, state: first.state });
  });

  it('given several commands, writes all or none', async () => {
    const stream = await registered();
    const bad = { type: 'CloseSite', at: AT, site: 'nowhere' } as const;
    await expect(decideOn(house.parts, merchants, stream, [site('A'), bad], WHO)).rejects.toThrow();
    expect((await load(house.parts.ledger, merchants, stream)).revision).toBe(0n);
    const both = await decideOn(house.parts, merchants, stream, [site('A'), site('B')], WHO);
    expect([both.events.length, both.revision]).toEqual([2, 2n]);
  });
});

describe('loading a stream', () => {
  it('that was never written, is the initial state', async () => {
    const loaded = await load(house.parts.ledger, merchants, `merchant-${newId()}`);
    expect(loaded).toMatchObject({ revision: 'none', position: 0n, state: merchants.decider.initialState });
  });

  it('from a snapshot and what came after it, is the same as from the beginning', async () => {
    const stream = await registered();
    for (let done = 0; done < 130; done += 1) await decideOn(house.parts, merchants, stream, site(`Site ${done}`), WHO);
    const fast = await load(house.parts.ledger, merchants, stream);
    expect(await house.parts.ledger.snapshots.load(stream, 'merchant/1')).toBeDefined();
    const slow = await loadAsOf(house.parts.ledger, merchants, stream, fast.position);
    expect(fast).toEqual(slow);
  });

  it('as of a position, knows nothing of what came later', async () => {
    const stream = await registered();
    const first = await decideOn(house.parts, merchants, stream, site('First'), WHO);
    await decideOn(house.parts, merchants, stream, site('Second'), WHO);
    expect((await loadAsOf(house.parts.ledger, merchants, stream, first.position)).state).toEqual(first.state);
  });
});

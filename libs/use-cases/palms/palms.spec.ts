import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoNow } from '#libs/runtime/clock.ts';
import { asked, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { systemWho } from '#libs/workflows/system.ts';
import { overview } from '../one-id/overview.ts';
import { oneIds } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { addPalmAtDevice } from './add-at-device.ts';
import { removePalm } from './remove.ts';

let town: Town;
let ada: TownMember;
beforeAll(async () => {
  town = await openTown();
  ada = await town.member();
});
afterAll(() => town.close());

const signed = { method: 'POST', url: 'https://palm.test', headers: {}, body: new Uint8Array() };

describe("a member's palms", () => {
  it('the last usable one stays', async () => {
    const removing = removePalm(town.deps, { caller: ada.caller, request: asked(ada.caller), palm: ada.palm });
    await expect(removing).rejects.toMatchObject({ code: 'last-palm' });
  });

  it('one lets the other in at a device, once; then either may go, and every contact hears of it', async () => {
    const { caller, stream } = ada;
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(ada, 'manage', request);
    const input = { caller: shop, request, signed, ticket, hand: 'right', capture: 'sealed' } as const;
    const { palm } = await addPalmAtDevice(town.deps, input);
    expect(await addPalmAtDevice(town.deps, input)).toMatchObject({ palm, hand: 'right' });
    const found = { type: 'MarkPalmMatchable', at: isoNow(town.deps.clock), palm } as const;
    await decideOn(town.deps, oneIds, stream, found, systemWho('test'));
    await removePalm(town.deps, { caller, request: asked(caller), palm: ada.palm });
    expect((await overview(town.deps, { caller })).palms).toMatchObject([{ palm, hand: 'right' }]);
    const told = (await town.messages()).filter(({ to }) => to === ada.number).map(({ template }) => template);
    expect(told.sort()).toEqual(['palm-added', 'palm-removed']);
  });

  it('a hand that is enrolled already is refused, and the transaction ends', async () => {
    const bob = await town.member();
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(bob, 'manage', request);
    const input = { caller: shop, request, signed, ticket, hand: 'left', capture: 'sealed' } as const;
    await expect(addPalmAtDevice(town.deps, input)).rejects.toMatchObject({ code: 'hand-enrolled' });
    expect((await overview(town.deps, { caller: bob.caller })).openTransactions).toBe(0);
  });
});

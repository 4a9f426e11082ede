import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, MASTERCARD, openTown, type Town, type TownMember } from '#libs/testing/town.ts';
import { overview } from '../one-id/overview.ts';
import { addCardAtDevice } from './add-at-device.ts';
import { addOwnCard } from './add.ts';
import { makeCardDefault } from './make-default.ts';
import { removeCard } from './remove.ts';

let town: Town;
let ada: TownMember;
beforeAll(async () => {
  town = await openTown();
  ada = await town.member();
});
afterAll(() => town.close());

const cardsOf = async ({ caller }: TownMember) => (await overview(town.deps, { caller })).cards;

describe('a member with cards', () => {
  it('adds a second one from the platform, once, and every contact hears of it', async () => {
    const request = asked(ada.caller);
    const card = await town.sealedCard(MASTERCARD, request);
    const added = await addOwnCard(town.deps, { caller: ada.caller, request, card });
    const again = await addOwnCard(town.deps, { caller: ada.caller, request, card });
    expect(again).toMatchObject({ card: added.card, brand: 'mastercard', lastFour: '4444' });
    expect(await cardsOf(ada)).toMatchObject([
      { brand: 'visa', lastFour: '1111', default: true },
      { brand: 'mastercard', lastFour: '4444', default: false },
    ]);
    const told = (await town.messages()).filter(({ template, to }) => template === 'card-added' && to === ada.number);
    expect(told).toHaveLength(1);
  });

  it('makes it the default, and a first request that comes again later does not turn that back', async () => {
    const [visa, mastercard] = (await cardsOf(ada)).map(({ card }) => card);
    const toMastercard = { caller: ada.caller, request: asked(ada.caller), card: mastercard! };
    await makeCardDefault(town.deps, toMastercard);
    await makeCardDefault(town.deps, { caller: ada.caller, request: asked(ada.caller), card: visa! });
    await makeCardDefault(town.deps, toMastercard);
    expect((await cardsOf(ada)).find((one) => one.default)?.card).toBe(visa);
  });

  it('removes the default, and the other becomes it; the last one stays', async () => {
    const [visa, mastercard] = (await cardsOf(ada)).map(({ card }) => card);
    await removeCard(town.deps, { caller: ada.caller, request: asked(ada.caller), card: visa! });
    expect(await cardsOf(ada)).toMatchObject([{ card: mastercard, default: true }]);
    const last = removeCard(town.deps, { caller: ada.caller, request: asked(ada.caller), card: mastercard! });
    await expect(last).rejects.toMatchObject({ code: 'last-card' });
  });

  it("given another member's card, hears that there is none", async () => {
    const bob = await town.member();
    const taking = removeCard(town.deps, { caller: bob.caller, request: asked(bob.caller), card: ada.card });
    await expect(taking).rejects.toMatchObject({ code: 'card-unknown', kind: 'missing' });
  });

  it('adds one at a device with the palm, and a repeated request adds no other', async () => {
    const carla = await town.member();
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(carla, 'manage', request);
    const input = { caller: shop, request, ticket, card: await town.sealedCard(MASTERCARD, request, shop.device) };
    const added = await addCardAtDevice(town.deps, input);
    expect(await addCardAtDevice(town.deps, input)).toMatchObject({ card: added.card });
    expect(await cardsOf(carla)).toHaveLength(2);
    expect((await overview(town.deps, { caller: carla.caller })).openTransactions).toBe(0);
  });

  it('given a ticket for something else, is refused at the device', async () => {
    const shop = await town.shop();
    const request = asked(shop);
    const ticket = town.ticket(ada, 'pay', request);
    const input = { caller: shop, request, ticket, card: await town.sealedCard(MASTERCARD, request, shop.device) };
    await expect(addCardAtDevice(town.deps, input)).rejects.toMatchObject({ code: 'ticket-bound-elsewhere' });
  });
});

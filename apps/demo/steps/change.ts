import { sealCard } from '#libs/device-protocol/card.ts';
import { randomUUID } from 'node:crypto';
import type { SignedKey } from '#libs/device-protocol/signed-key.ts';
import { expect } from '../report.ts';
import type { Company, Person } from '../world.ts';
import { cardOf, shown, till } from './enrol.ts';
import { payAt } from './pay.ts';
import type { Step } from './step.ts';

interface Me {
  readonly palms: readonly { palm: string; hand: string; state: string }[];
  readonly cards: readonly { card: string; brand: string; lastFour: string; default: boolean }[];
  readonly phones: readonly { phone: string; verified: boolean }[];
  readonly link?: { link: string; account: string };
}

export const linkAccount: Step = {
  title: 'link an account, unlink it',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const shop = world.notes.get<Company>('shop');
    const { proof } = await shop.api.post<{ proof: string }>('/merchant/v1/link-proofs', { account: 'anna@corner' });
    await anna.api.post('/member/v1/link', { proof });
    const linked = (await anna.api.get<Me>('/member/v1/me')).link;
    expect(linked !== undefined && linked.account.endsWith('anna@corner'), 'it is not linked');
    await anna.api.delete(`/member/v1/links/${linked.link}`);
    expect((await anna.api.get<Me>('/member/v1/me')).link === undefined, 'it is still linked');
    return 'linked by the shop’s proof, and gone again';
  },
};

export const addPalm: Step = {
  title: 'add the right palm from a device',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const device = till(world);
    await shown(async () => {
      const ticket = await device.identify(anna, 'left', { purpose: 'manage' });
      await device.client.addPalm(ticket, 'right', await device.capture('anna', 'right'));
    });
    for (let waited = 0; waited < 50; waited += 1) {
      const { palms } = await anna.api.get<Me>('/member/v1/me');
      if (palms.filter(({ state }) => state === 'matchable').length === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const paid = await payAt(world, anna, 'right', 300);
    expect(paid.state === 'captured', `with the right hand it is ${paid.state}`);
    return 'let in by the left, and the right one pays';
  },
};

export const addCardAndPhone: Step = {
  title: 'add a second card and a second phone from the platform',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const key = await anna.api.get<SignedKey>('/member/v1/tokeniser-key');
    const request = randomUUID();
    const card = await sealCard(cardOf(world, '5555555555554444'), key, { sender: 'member', request });
    await anna.api.request('POST', '/member/v1/cards', { card }, request);
    const second = world.notes.put('second phone', world.person('anna', '+491701234999').phone);
    const { phone } = await anna.api.post<{ phone: string }>('/member/v1/phones', { number: second.number });
    await anna.api.post(`/member/v1/phones/${phone}/verification`, { code: await second.code('phone-code') });
    const me = await anna.api.get<Me>('/member/v1/me');
    expect(me.cards.length === 2 && me.phones.filter(({ verified }) => verified).length === 2, JSON.stringify(me));
    return `${me.cards.map(({ brand, lastFour }) => `${brand} …${lastFour}`).join(', ')}; two phones verified`;
  },
};

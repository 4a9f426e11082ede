import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { Payment } from '#libs/device-protocol/messages.ts';
import { expect } from '../report.ts';
import type { Company, Person } from '../world.ts';
import { certified, status } from './certificate.ts';
import { till } from './enrol.ts';
import type { Step } from './step.ts';

interface Announced {
  readonly change: string;
  readonly confirmationCode: string;
  readonly receipt: string;
}

export const download: Step = {
  title: 'a member’s download of all that is held',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const { change, confirmationCode } = await anna.api.post<Announced>('/member/v1/downloads');
    const ticket = await till(world).identify(anna, 'left', { purpose: 'confirm' });
    await till(world).client.confirm(ticket, confirmationCode);
    const all = JSON.stringify(await anna.api.get<object>(`/member/v1/downloads/${change}`));
    expect(all.includes(anna.phone.number) && all.includes('Corner Shop'), 'the phone or the shop is missing');
    return `${Math.round(all.length / 1024)} KiB of JSON, confirmed by the palm, kept nowhere`;
  },
};

export const leave: Step = {
  title: 'a member leaves while a payment is open, and reads the certificate',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const shop = world.notes.get<Company>('shop');
    const gate = shop.devices['gate']!;
    const { visit } = await gate.client.enter(await gate.identify(anna, 'left', { purpose: 'enter' }));
    const taken = { movement: 'taken', line: '1', article: 'Bread', quantity: 1, unitPrice: 320 };
    await shop.api.post(`/merchant/v1/visits/${visit}/items`, taken);
    const { receipt, confirmationCode } = await anna.api.post<Announced>('/member/v1/leaving');
    const ticket = await till(world).identify(anna, 'left', { purpose: 'confirm' });
    await till(world).client.confirm(ticket, confirmationCode);
    const refused = await till(world)
      .identify(anna, 'left', { purpose: 'pay', amount: 100, currency: 'EUR' })
      .catch((error: unknown) => error);
    expect(refused instanceof Problem, 'the palm still identifies after the wish to leave');
    expect((await status(world, receipt)).certificate === undefined, 'certified while a payment was open');
    const left = await shop.api.post<{ payment: Payment }>(`/merchant/v1/visits/${visit}/end`);
    expect(left.payment.state === 'captured', JSON.stringify(left));
    const { destroyedAt } = await certified(world, receipt);
    return `the open visit was charged first; certificate verified offline, keys destroyed ${destroyedAt}`;
  },
};

export const refundAfterwards: Step = {
  title: 'a refund after that',
  run: async (world) => {
    const shop = world.notes.get<Company>('shop');
    const { payment } = world.notes.get<Payment>('payment');
    const body = { amount: 500, reason: 'returned' };
    const { refunded } = await shop.api.post<{ refunded: number }>(`/merchant/v1/payments/${payment}/refunds`, body);
    expect(refunded === 750, `${refunded} was given back in all`);
    return '5.00 EUR more by the network’s own reference; nobody knows whose it was';
  },
};

import { Problem } from '#libs/device-protocol/client-errors.ts';
import type { Payment } from '#libs/device-protocol/messages.ts';
import type { Hand } from '../palms.ts';
import { expect } from '../report.ts';
import type { Company, Person, World } from '../world.ts';
import { enrolAt, till } from './enrol.ts';
import type { Step } from './step.ts';

/** A card that the simulated network declines for want of funds. */
const POOR_CARD = '4000000000009995';

export const recognise: Step = {
  title: 'recognise: the palm over the device',
  run: async (world) => {
    const began = Date.now();
    const anna = world.notes.get<Person>('anna');
    const ticket = await till(world).identify(anna, 'left', { purpose: 'pay', amount: 1250, currency: 'EUR' });
    world.notes.put('ticket', ticket);
    expect(!JSON.stringify(ticket).includes('oneId'), 'a One ID went to a device');
    return `a ticket for two minutes, in ${Date.now() - began} ms; no One ID on the device`;
  },
};

export const pay: Step = {
  title: 'pay, without any linked account',
  run: async (world) => {
    const { client } = till(world);
    const payment = await client.pay(world.notes.get('ticket'), 1250, 'EUR');
    expect(payment.state === 'captured', `it is ${payment.state}`);
    world.notes.put('payment', payment);
    const again = await client.pay(world.notes.get('ticket'), 1250, 'EUR');
    expect(again.payment === payment.payment, 'the same request made another payment');
    return '12.50 EUR captured; the same request again is the same payment';
  },
};

export const declined: Step = {
  title: 'be declined',
  run: async (world) => {
    const bela = world.notes.put('bela', world.person('bela', '+491701234568'));
    await enrolAt(world, bela, 'right', POOR_CARD);
    const payment = await payAt(world, bela, 'right', 900);
    expect(payment.state === 'declined', `it is ${payment.state}`);
    return `declined: ${String(payment['reason'])}; nothing taken`;
  },
};

export const refundInPart: Step = {
  title: 'refund in part',
  run: async (world) => {
    const { payment } = world.notes.get<Payment>('payment');
    const refunded = await till(world).client.refund<{ refunded: number; left: number }>(payment, 250, 'returned');
    expect(refunded.refunded === 250 && refunded.left === 1000, JSON.stringify(refunded));
    return '2.50 EUR of 12.50 given back, 10.00 left';
  },
};

export const stranger: Step = {
  title: 'a stranger’s palm matches nobody',
  run: async (world) => {
    try {
      await payAt(world, { name: 'stranger' }, 'left', 100);
    } catch (error) {
      expect(error instanceof Problem && error.type.endsWith(':nobody'), String(error));
      return '404 nobody';
    }
    throw new Error('a stranger paid');
  },
};

export const pausedAndRefused: Step = {
  title: 'pause the palm and be refused; unpause',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    await anna.api.post('/member/v1/pause');
    const refusal = await payAt(world, anna, 'left', 100).catch((error: unknown) => error);
    await anna.api.post('/member/v1/unpause');
    expect(refusal instanceof Problem, 'a paused palm paid');
    const paid = await payOnceOpen(world, anna);
    expect(paid.state === 'captured', `after the pause it is ${paid.state}`);
    return `paused: ${refusal.status} ${refusal.type.split(':').at(-1)}; unpaused: captured`;
  },
};

/** The index hears of the end of a pause a moment after the member does. */
async function payOnceOpen(world: World, person: Person): Promise<Payment> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await payAt(world, person, 'left', 100);
    } catch (error) {
      if (!(error instanceof Problem) || attempt >= 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export async function payAt(
  world: World,
  person: { readonly name: string; readonly lastFour?: string },
  hand: Hand,
  amount: number,
): Promise<Payment> {
  const device = world.notes.get<Company>('shop').devices['till']!;
  const ticket = await device.identify(person, hand, { purpose: 'pay', amount, currency: 'EUR' });
  return device.client.pay(ticket, amount, 'EUR');
}

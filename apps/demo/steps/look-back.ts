import type { Payment } from '#libs/device-protocol/messages.ts';
import { expect } from '../report.ts';
import type { Person } from '../world.ts';
import type { Step } from './step.ts';

interface Expense {
  readonly payment: string;
  readonly at: string;
  readonly captured: number;
  readonly refunded: number;
  readonly status: string;
  readonly merchant: { readonly name: string };
  readonly site: { readonly place: string };
}

export const expenses: Step = {
  title: 'expenses, places and dates',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const { items } = await anna.api.get<{ items: readonly Expense[] }>('/member/v1/expenses?limit=50');
    const { payment } = world.notes.get<Payment>('payment');
    const first = items.find((one) => one.payment === payment);
    expect(first !== undefined && first.captured === 1250 && first.refunded === 250, JSON.stringify(first));
    const { items: months } = await anna.api.get<{ items: readonly unknown[] }>('/member/v1/expenses/months');
    const { items: places } = await anna.api.get<{ items: readonly unknown[] }>('/member/v1/places?limit=50');
    expect(months.length > 0 && places.length >= items.length, 'months or places are missing');
    world.notes.put('expenses', items);
    return `${items.length} expenses, the first ${first.at.slice(0, 10)} at ${first.merchant.name}, ${first.site.place}`;
  },
};

export const history: Step = {
  title: 'the history of changes',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const { items } = await anna.api.get<{ items: readonly { what: string; by: { kind: string } }[] }>(
      '/member/v1/history?limit=100',
    );
    const kinds = new Set(items.map(({ what }) => what));
    for (const wanted of [
      'PalmEnrolled',
      'CardAdded',
      'PhoneAdded',
      'AccountLinked',
      'AccountUnlinked',
      'Paused',
      'Unpaused',
    ]) {
      expect(kinds.has(wanted), `${wanted} is missing`);
    }
    return `${items.length} changes, each with who made it and when`;
  },
};

export const messages: Step = {
  title: 'messages received on the phone',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const received = await anna.phone.messages();
    const kinds = [...new Set(received.map(({ template }) => template))];
    expect(kinds.includes('phone-code') && kinds.includes('sign-in-code'), kinds.join(', '));
    return `${received.length}: ${kinds.slice(0, 5).join(', ')}${kinds.length > 5 ? ', …' : ''}`;
  },
};

export const whoLooked: Step = {
  title: 'who looked',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const { items } = await anna.api.get<{ items: readonly { reason: string; by: { kind: string } }[] }>(
      '/member/v1/looks?limit=50',
    );
    expect(items.length > 0, 'nobody is said to have looked');
    return `${items.length}: ${items.map(({ by, reason }) => `${by.kind} (${reason})`).join(', ')}`;
  },
};

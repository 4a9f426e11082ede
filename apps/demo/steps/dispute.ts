import type { Payment } from '#libs/device-protocol/messages.ts';
import { expect } from '../report.ts';
import type { Company, Person } from '../world.ts';
import { payAt } from './pay.ts';
import type { Step } from './step.ts';

export const disputed: Step = {
  title: 'a payment disputed and decided',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const shop = world.notes.get<Company>('shop');
    const { payment } = await payAt(world, anna, 'left', 700);
    const said = { said: 'That was not me.' };
    const { dispute } = await anna.api.post<{ dispute: string }>(`/member/v1/expenses/${payment}/disputes`, said);
    world.admin.seen(anna.api.position ?? null);
    const path = `/admin/v1/disputes/${payment}/${dispute}`;
    const shown = await world.admin.get<{ evidence?: { score: number; threshold: number } }>(`${path}?reason=dispute`);
    expect(shown.evidence !== undefined, 'what the palm was believed on is not shown');
    await world.admin.post(`${path}/decision`, { outcome: 'for-member', said: 'Refunded as a courtesy.' });
    const { refunded } = await shop.api.get<Payment & { refunded: number }>(`/merchant/v1/payments/${payment}`);
    expect(refunded === 700, `${refunded} was given back`);
    const { score, threshold } = shown.evidence;
    return `for the member, 7.00 EUR back; it had rested on score ${score.toFixed(3)} over ${threshold.toFixed(3)}`;
  },
};

import type { Payment } from '#libs/device-protocol/messages.ts';
import { expect } from '../report.ts';
import type { Company, Person } from '../world.ts';
import type { Step } from './step.ts';

export const shopWithoutCheckout: Step = {
  title: 'a shop without checkout: enter, take, leave, charged once',
  run: async (world) => {
    const anna = world.notes.get<Person>('anna');
    const shop = world.notes.get<Company>('shop');
    const gate = shop.devices['gate']!;
    const { visit } = await gate.client.enter(await gate.identify(anna, 'left', { purpose: 'enter' }));
    const move = (line: string, movement: string, article: string, quantity: number, unitPrice: number) =>
      shop.api.post<{ total: number }>(`/merchant/v1/visits/${visit}/items`, {
        movement,
        line,
        article,
        quantity,
        unitPrice,
      });
    await move('1', 'taken', 'Apples', 3, 60);
    await move('2', 'taken', 'Bread', 1, 320);
    const { total } = await move('3', 'put-back', 'Apples', 1, 60);
    expect(total === 440, `the cart says ${total}`);
    const out = await gate.identify(anna, 'left', { purpose: 'leave' });
    const left = await gate.client.leave(out);
    const again = await gate.client.leave(out);
    const [first, second] = [left['payment'] as Payment, again['payment'] as Payment];
    expect(first.state === 'captured' && first.amount === 440, JSON.stringify(left));
    expect(second.payment === first.payment, 'leaving twice charged twice');
    return '2 apples and bread, 4.40 EUR, one payment';
  },
};

import type { Command } from 'commander';
import { CannotDo, EXIT } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import type { Payment } from '#libs/device-protocol/messages.ts';
import { amountOf, amountText } from '#libs/domain/amount-text.ts';
import { atDevice, commonOf, show } from '../at-device.ts';
import { identify, withPalm, type HeldOptions } from '../identify.ts';

export function addPayments(program: Command, terminal: Terminal): void {
  withPalm(program.command('pay').argument('<amount>', 'such as 12.50'))
    .description('somebody pays by palm')
    .option('--currency <code>', 'ISO 4217', 'EUR')
    .action(async (text: string, _options, command: Command) => {
      const options = commonOf<HeldOptions & { currency: string }>(command);
      const { currency } = options;
      const amount = amountOf(text, currency);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'pay', amount, currency });
        const payment = await client.pay(ticket, amount, currency);
        show(command, terminal, payment, shownPayment(payment));
        endWith(payment);
      });
    });
  program
    .command('payment')
    .description('what became of a payment; to be asked after "unknown"')
    .argument('<payment>', 'its id')
    .action(async (id: string, _options, command: Command) => {
      await atDevice(command, async (client) => {
        const payment = await client.payment(id);
        show(command, terminal, payment, shownPayment(payment));
        endWith(payment);
      });
    });
  program
    .command('refund')
    .description('gives money back, in part or whole')
    .argument('<payment>', 'its id')
    .argument('<amount>', "in the payment's currency, such as 2.50")
    .option('--reason <word>', 'a short word', 'returned')
    .action(async (id: string, text: string, _options, command: Command) => {
      const { reason } = commonOf<{ reason: string }>(command);
      await atDevice(command, async (client) => {
        const { currency } = await client.payment(id);
        const payment = await client.refund<Payment>(id, amountOf(text, currency), reason);
        show(command, terminal, payment, shownPayment(payment));
      });
    });
  program
    .command('void')
    .description('takes a payment back that is not captured yet')
    .argument('<payment>', 'its id')
    .action(async (id: string, _options, command: Command) => {
      await atDevice(command, async (client) => {
        const payment = await client.voidPayment<Payment>(id);
        show(command, terminal, payment, shownPayment(payment));
      });
    });
}

function shownPayment({ payment, state, currency, ...rest }: Payment): object {
  const amounts = ['amount', 'captured', 'refunded', 'left'].flatMap((name) => {
    const value = rest[name];
    return typeof value === 'number' && typeof currency === 'string' ? [[name, amountText(value, currency)]] : [];
  });
  const shown = Object.fromEntries(amounts) as Record<string, string>;
  return { state, payment, reason: rest['reason'], refund: rest['refund'], ...shown };
}

function endWith({ payment, state }: Payment): void {
  if (state === 'captured') return;
  if (state === 'unknown') {
    throw new CannotDo(`what became of it is not known yet; ask again by: device payment ${payment}`, EXIT.unknown);
  }
  throw new CannotDo(`not paid: ${state}`, EXIT.no);
}

import type { Command } from 'commander';
import type { Terminal } from '#libs/command-line/terminal.ts';
import type { Visit } from '#libs/device-protocol/messages.ts';
import { atDevice, commonOf, show } from '../at-device.ts';
import { identify, withPalm, type HeldOptions } from '../identify.ts';

/** A shop without checkout: in by palm, out by palm. */
export function addVisits(program: Command, terminal: Terminal): void {
  withPalm(program.command('enter'))
    .description('somebody enters a shop without checkout')
    .action(async (_options, command: Command) => {
      const options = commonOf<HeldOptions>(command);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'enter' });
        show(command, terminal, await client.enter(ticket));
      });
    });
  withPalm(program.command('leave'))
    .description('somebody leaves it; what was taken is charged once')
    .action(async (_options, command: Command) => {
      const options = commonOf<HeldOptions>(command);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'leave' });
        const left = await client.leave(ticket);
        show(command, terminal, left, shownLeaving(left));
      });
    });
}

function shownLeaving({ visit, total, items, payment }: Visit): object {
  const paid = payment as { payment: string; state: string } | undefined;
  const taken = Array.isArray(items) ? items.length : 0;
  return { visit, articles: taken, total, payment: paid?.payment, state: paid?.state ?? 'nothing to pay' };
}

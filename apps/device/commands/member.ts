import { Option, type Command } from 'commander';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import type { Hand } from '#libs/device-protocol/messages.ts';
import { atDevice, commonOf, show } from '../at-device.ts';
import { identify, withPalm, type HeldOptions } from '../identify.ts';
import { pictureIn } from '../picture.ts';

interface AddPalm extends HeldOptions {
  readonly new: string;
  readonly hand: Hand;
}

/** What a member does about the own One ID before a device. */
export function addMember(program: Command, terminal: Terminal): void {
  withPalm(program.command('add-palm'))
    .description('a member adds the other palm; --palm is one that is known already')
    .requiredOption('--new <file>', 'a picture of the palm to add')
    .addOption(new Option('--hand <hand>', 'which hand is added').choices(['left', 'right']).default('right'))
    .action(async (_options, command: Command) => {
      const options = commonOf<AddPalm>(command);
      const added = { visible: pictureIn(options.new) };
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'manage' });
        show(command, terminal, await client.addPalm<object>(ticket, options.hand, added));
      });
    });
  withPalm(program.command('confirm').argument('<code>', 'as the notice of the change carried it'))
    .description('an announced change takes effect now')
    .action(async (code: string, _options, command: Command) => {
      if (!/^\d{6}$/.test(code)) throw new CannotDo('a code has six digits');
      const options = commonOf<HeldOptions>(command);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'confirm' });
        show(command, terminal, await client.confirm<object>(ticket, code));
      });
    });
}

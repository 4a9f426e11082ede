import { Argument, type Command } from 'commander';
import { CannotDo, EXIT } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import type { CredentialKind } from '#libs/device-protocol/messages.ts';
import { atDevice, commonOf, show } from '../at-device.ts';
import { identify, withPalm, type HeldOptions } from '../identify.ts';

interface Granting extends HeldOptions {
  readonly reference: string;
  readonly fact: readonly string[];
}

export function addCredentials(program: Command, terminal: Terminal): void {
  withPalm(program.command('check').addArgument(kindArgument()))
    .description('whether somebody holds a badge, a loyalty card, a subscription or an age')
    .action(async (kind: CredentialKind, _options, command: Command) => {
      const options = commonOf<HeldOptions>(command);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'check' });
        const checked = await client.check(ticket, kind);
        show(command, terminal, checked);
        if (checked.answer !== 'yes') throw new CannotDo(`holds no ${kind}`, EXIT.no);
      });
    });
  withPalm(program.command('grant').addArgument(kindArgument()))
    .description('gives somebody one, with the palm as consent')
    .requiredOption('--reference <text>', "the third party's own number of it")
    .option(
      '--fact <name=text>',
      'what may be told with it, such as band=over-18; may stand more than once',
      collected,
      [],
    )
    .action(async (kind: CredentialKind, _options, command: Command) => {
      const options = commonOf<Granting>(command);
      const facts = factsOf(options.fact);
      await atDevice(command, async (client) => {
        const ticket = await identify(client, terminal, options, { purpose: 'manage' });
        const granting = { kind, reference: options.reference, facts };
        show(command, terminal, await client.grant<object>(ticket, granting));
      });
    });
}

function kindArgument(): Argument {
  return new Argument('<kind>', 'what').choices(['badge', 'loyalty', 'subscription', 'age']);
}

function collected(one: string, before: readonly string[]): readonly string[] {
  return [...before, one];
}

function factsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new CannotDo(`--fact takes name=text, not ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

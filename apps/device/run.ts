import { Command } from 'commander';
import { runProgram } from '#libs/command-line/run-program.ts';
import { processTerminal, type Terminal } from '#libs/command-line/terminal.ts';
import { addConformance } from './commands/conformance.ts';
import { addCredentials } from './commands/credentials.ts';
import { addDraw } from './commands/draw.ts';
import { addEnrol } from './commands/enrol.ts';
import { addMember } from './commands/member.ts';
import { addPayments } from './commands/payments.ts';
import { addRegister } from './commands/register.ts';
import { addVisits } from './commands/visits.ts';

/** A device on the command line. The exit code: 0 done, 1 refused, 2 the answer was a no, 3 nobody knows yet. */
export function run(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const program = new Command('device')
    .description(
      'A device on the command line: it signs, encrypts and speaks the protocol as one that stands at a till.\n' +
        'What it must keep (its id, its keys, the last value that the service gave it) lies in the file that --device names.',
    )
    .option('--device <file>', 'where the device keeps itself, mode 0600', './device.json')
    .option('--json', 'answers as JSON, one object')
    .showHelpAfterError(false);
  for (const add of [
    addRegister,
    addEnrol,
    addPayments,
    addVisits,
    addCredentials,
    addMember,
    addDraw,
    addConformance,
  ]) {
    add(program, terminal);
  }
  return runProgram(program, args, terminal);
}

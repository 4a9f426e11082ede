import { Command } from 'commander';
import { runProgram } from '#libs/command-line/run-program.ts';
import { processTerminal, type Terminal } from '#libs/command-line/terminal.ts';
import { addBackups } from './commands/backups.ts';
import { addCertificate } from './commands/certificate.ts';
import { addErasures } from './commands/erasures.ts';
import { addEvidence } from './commands/evidence.ts';
import { addParked } from './commands/parked.ts';
import { addReplay } from './commands/replay.ts';
import { addStatus } from './commands/status.ts';
import { addTopics } from './commands/topics.ts';
import { addViews } from './commands/views.ts';

/** For operators and auditors. The exit code: 0 done, 1 refused or not in order. */
export function run(args: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  const program = new Command('palmctl')
    .description(
      'Operators\' and auditors\' commands, over the API. Who asks: --credential FILE ({"principal": …, "secret": …}),\n' +
        'or PALMCTL_PRINCIPAL and PALMCTL_SECRET. --offline works on a stopped folder (PALMLEDGER_DATA and the rest) or a backup.',
    )
    .option('--url <url>', 'the service (PALMCTL_URL)', process.env['PALMCTL_URL'] ?? 'http://127.0.0.1:3000')
    .option('--credential <file>', 'who asks')
    .option('--principal <id>', 'who asks, with the secret in PALMCTL_SECRET')
    .option('--act-for <role>', 'in which role, where the principal has several')
    .option('--json', 'JSON for machines, in place of tables')
    .showHelpAfterError(false);
  for (const add of [
    addStatus,
    addTopics,
    addViews,
    addParked,
    addErasures,
    addReplay,
    addBackups,
    addCertificate,
    addEvidence,
  ]) {
    add(program, terminal);
  }
  return runProgram(program, args, terminal);
}

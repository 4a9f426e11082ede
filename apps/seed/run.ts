import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { CannotDo, runProgram } from '#libs/command-line/run-program.ts';
import { listing } from '#libs/command-line/table.ts';
import { processTerminal, type Terminal } from '#libs/command-line/terminal.ts';
import { readSettings, SettingsWrong, type Settings } from '#libs/runtime/settings.ts';
import { seedFolder, type Seeded, type Watching } from './seed.ts';

interface Options {
  readonly members: string;
  readonly seed: string;
  readonly purchases: string;
  readonly json?: true;
}

/** Fills the data folder of a stopped instance. The exit code: 1 where it is refused. */
export function run(
  args: readonly string[],
  terminal: Terminal = processTerminal,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const program = new Command('seed')
    .description(
      'Fills the data folder of a stopped instance with believable people, merchants, devices and two years of purchases.\n' +
        'Folders are those of the settings (PALMLEDGER_DATA and the rest, see .env.example). Cut off, it goes on where it was.',
    )
    .option('--members <n>', 'how many people', '1000')
    .option('--purchases <n>', 'purchases of each, in the mean', '6')
    .option('--seed <word>', 'another word makes other people and other years', 'palm')
    .option('--json', 'the answer as JSON')
    .action(async (options: Options) => {
      const members = whole(options.members, '--members', 5_000_000);
      const purchases = whole(options.purchases, '--purchases', 1_000);
      if (!/^[a-z0-9-]{1,30}$/.test(options.seed)) throw new CannotDo('--seed takes small letters, digits and hyphens');
      const settings = settingsOf(environment);
      const seeded = await seedFolder(settings, { members, purchases, seed: options.seed }, watch(terminal));
      terminal.out(options.json ? JSON.stringify(seeded) : told(seeded, settings));
    });
  return runProgram(program, args, terminal);
}

function settingsOf(environment: Readonly<Record<string, string | undefined>>): Settings {
  if (environment === process.env && existsSync('.env')) process.loadEnvFile('.env');
  try {
    return readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsWrong) throw new CannotDo(error.lines.join('; '));
    throw error;
  }
}

function whole(text: string, name: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new CannotDo(`${name} takes a whole number from 1 to ${most}`);
}

/** A bar where somebody looks, a line for each tenth where a file does. */
function watch(terminal: Terminal): Watching {
  if (terminal !== processTerminal || !process.stderr.isTTY) return watchLines(terminal);
  const format = '{bar} {percentage} % | {value} of {total} | {day} | {eta_formatted} left';
  const bar = new SingleBar({ format, hideCursor: true, stream: process.stderr });
  return {
    began: (total, done) => bar.start(total, done, { day: '' }),
    passed: (done, at) => bar.update(done, { day: at.toISOString().slice(0, 10) }),
    filling: () => {
      bar.stop();
      terminal.err('filling the views');
    },
  };
}

function watchLines(terminal: Terminal): Watching {
  let total = 0;
  let tenth = 0;
  return {
    began: (all) => {
      total = all;
      terminal.err(`${all} actions in two years`);
    },
    passed: (done, at) => {
      if (Math.floor((done * 10) / total) <= tenth) return;
      tenth = Math.floor((done * 10) / total);
      terminal.err(`${tenth * 10} %: ${at.toISOString().slice(0, 10)}`);
    },
    filling: () => terminal.err('filling the views'),
  };
}

function told(
  { members, actions, seconds, purpose, phone, admin, merchant, auditor }: Seeded,
  settings: Settings,
): string {
  const start = purpose === 'live' ? 'npm start' : `PALMLEDGER_PURPOSE=${purpose} npm start`;
  return [
    `${members} members and ${actions} things they did, in ${Math.round(seconds)} s (${Math.round(actions / seconds)} a second)`,
    `in ${settings.PALMLEDGER_DATA}; start it by: ${start}`,
    '',
    'To try, shown this once (secrets are kept nowhere):',
    listing([
      ['  member, signs in with a code to', phone],
      ['  admin, principal', admin?.principal ?? 'the one that this folder has'],
      ...(admin === undefined ? [] : [['  admin, secret', admin.secret] as const]),
      ['  merchant, principal', merchant.principal],
      ['  merchant, secret', merchant.secret],
      ['  auditor, principal', auditor.principal],
      ['  auditor, secret', auditor.secret],
    ]),
  ].join('\n');
}

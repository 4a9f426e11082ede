import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSettings, SettingsWrong, type Settings } from '#libs/runtime/settings.ts';
import { start, type Running } from './start.ts';

/** Errors that say in one line what to do; everything else is a fault of ours, and shows its place. */
const SAYS_WHAT_TO_DO = new Set([
  'FolderRefused',
  'LedgerLocked',
  'LedgerDamaged',
  'LedgerContradicted',
  'KeyringMissing',
  'KeyringDamaged',
  'KeyringInUse',
  'KeyringExists',
  'MasterKeyRefused',
  'NoQuorum',
  'CopyRefused',
]);

/** The whole system in one process, until somebody ends it. */
export async function run(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const settings = settingsOrEnd();
  const running = await start(settings).catch((error: unknown) => endWith(error, settings));
  welcome(settings, running);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(running));
}

function settingsOrEnd(): Settings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsWrong)) throw error;
    for (const line of error.lines) process.stderr.write(`palmledger: ${line}\n`);
    return process.exit(1);
  }
}

function endWith(error: unknown, settings: Settings): never {
  const { name, message, code } = error as Error & { code?: string };
  if (code === 'EADDRINUSE')
    process.stderr.write(`palmledger: port ${settings.PORT} is in use; set PORT to another one\n`);
  else if (SAYS_WHAT_TO_DO.has(name)) process.stderr.write(`palmledger: ${message.split('\n')[0]}\n`);
  else process.stderr.write(`palmledger: could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

function welcome(settings: Settings, { url, firstAdmin }: Running): void {
  const lines = [
    `PalmLedger listens on ${url}`,
    `  data      ${resolve(settings.PALMLEDGER_DATA)}${settings.PALMLEDGER_PURPOSE === 'live' ? '' : ` (made for ${settings.PALMLEDGER_PURPOSE}: its clock can be moved)`}`,
    `  keys      ${resolve(settings.PALMLEDGER_KEYS)}`,
    `  witness   ${resolve(settings.PALMLEDGER_WITNESS)}`,
    `  messages  ${resolve(settings.PALMLEDGER_OUTBOX)} (stands for phones)`,
    '  topics    served from the ledger at /service/v1/topics; no broker is in use (docs/operators.md says how to use one)',
    '',
    ...(firstAdmin === undefined
      ? []
      : [
          'First admin, shown this once:',
          `  principal ${firstAdmin.principal}`,
          `  secret    ${firstAdmin.secret}`,
          '',
        ]),
    'Try next:',
    `  ${url}/docs             the API, to read and to try`,
    "  npm run demo                            a member's whole life, played through the API",
    '  npm run device -- help                  a device on the command line',
    '  npm run palmctl -- help                 for operators and auditors',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function stop(running: Running): Promise<void> {
  process.stdout.write('palmledger: ending what is under way\n');
  await running.stop();
  process.exit(0);
}

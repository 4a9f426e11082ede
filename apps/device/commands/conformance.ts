import type { Command } from 'commander';
import type { Server } from 'node:http';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonIn } from '#libs/command-line/credential.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { StandIn, type Judged } from '#libs/device-protocol/conformance/stand-in.ts';
import type { Vectors } from '#libs/device-protocol/vectors/make-vectors.ts';
import { commonOf } from '../at-device.ts';
import { checkVectors } from '../conformance/check-vectors.ts';
import { record } from '../conformance/recorder.ts';
import { whole } from './draw.ts';

interface Options {
  readonly url?: string;
  readonly vectors?: true | string;
  readonly requests?: string;
  readonly loseEvery?: string;
  readonly badKeys?: true;
}

export function addConformance(program: Command, terminal: Terminal): void {
  program
    .command('conformance')
    .description(
      'tells a maker what a device does wrong. It stands in for a service at --url (no PalmLedger is needed): point the device there,\n' +
        'activate it with any code, let it enrol and pay; each request is judged, and the answers let it go on. It takes no money.',
    )
    .option(
      '--url <url>',
      'the address that the device is told to call; listens on its host and port, such as http://127.0.0.1:4000',
    )
    .option('--requests <n>', 'end after so many requests (else with Ctrl-C)')
    .option('--lose-every <n>', 'lose the answer to every n-th write, to see the device repeat it')
    .option('--bad-keys', 'give keys of the day first that the root did not sign, to see the device refuse them')
    .option('--vectors [file]', 'check the test vectors (docs/device-test-vectors.json) instead of listening')
    .action(async (_options, command: Command) => {
      const options = commonOf<Options>(command);
      if (options.vectors !== undefined) return vectors(options.vectors, terminal, options.json === true);
      if (options.url === undefined) throw new CannotDo('say by --url where the device will call, or check --vectors');
      await listen(options.url, options, terminal, options.json === true);
    });
}

async function vectors(file: true | string, terminal: Terminal, json: boolean): Promise<void> {
  const path = file === true ? vectorFile() : file;
  const results = await checkVectors(jsonIn(path) as unknown as Vectors).catch(() => {
    throw new CannotDo(`${path} holds no test vectors of this protocol`);
  });
  terminal.out(json ? JSON.stringify(results) : results.map(({ name, ok }) => `${ok ? '✓' : '✗'} ${name}`).join('\n'));
  const wrong = results.filter(({ ok }) => !ok).length;
  if (wrong > 0) throw new CannotDo(`${wrong} of ${results.length} vectors do not hold`);
}

/** Upwards from here, whether built or not. */
function vectorFile(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'docs', 'device-test-vectors.json');
    if (existsSync(file)) return file;
  }
  throw new CannotDo('docs/device-test-vectors.json is not here; name it: --vectors FILE');
}

async function listen(text: string, options: Options, terminal: Terminal, json: boolean): Promise<void> {
  const url = addressOf(text);
  const most = options.requests === undefined ? Infinity : whole(options.requests, '--requests', 1_000_000);
  const standIn = await StandIn.begin({
    authority: url.host,
    now: () => new Date(),
    loseEvery: options.loseEvery === undefined ? 0 : whole(options.loseEvery, '--lose-every', 1_000),
    badKeysFirst: options.badKeys === true,
  });
  let seen = 0;
  let wrong = 0;
  await new Promise<void>((resolve, reject) => {
    const server = record(standIn, (judged) => {
      seen += 1;
      if (judged.findings.length > 0) wrong += 1;
      terminal.out(json ? JSON.stringify({ request: judged.what, findings: judged.findings }) : lineOf(judged));
      if (seen >= most) end();
    });
    const end = (): void => {
      process.off('SIGINT', end);
      closeSoon(server, resolve);
    };
    process.once('SIGINT', end);
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotDo(`cannot listen at ${url.host}: ${error.code ?? 'failed'}`)),
    );
    server.listen(Number(url.port || 80), url.hostname, () =>
      terminal.err(`standing in for a service at ${url.origin}; Ctrl-C ends it`),
    );
  });
  terminal.err(`${seen} requests, ${wrong} with something wrong`);
  if (wrong > 0) throw new CannotDo(`${wrong} of ${seen} requests do not keep to the protocol`);
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.pathname === '/') return url;
  throw new CannotDo(`--url takes an address such as http://127.0.0.1:4000, not ${text}`);
}

/** The last answer goes out first. */
function closeSoon(server: Server, closed: () => void): void {
  server.close(() => closed());
  setTimeout(() => server.closeAllConnections(), 200);
}

function lineOf({ what, findings, answer }: Judged): string {
  if (findings.length === 0) return `✓ ${what}${answer === undefined ? ' (its answer is lost on purpose)' : ''}`;
  return [`✗ ${what}`, ...findings.map(({ rule, says }) => `    ${rule}: ${says}`)].join('\n');
}

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A PalmLedger to play on. */
export interface Instance {
  readonly url: string;
  /** The folder that stands for phones. */
  readonly sent: string;
  readonly admin: { readonly principal: string; readonly secret: string };
  /** The process, where it is one of our own. */
  readonly pid?: number;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts one of its own, in a process of its own, in a temporary folder or in one that is kept. `more`: further settings. */
export async function startInstance(keep?: string, more: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'palmledger-demo-'));
  mkdirSync(join(folder, 'logs'), { recursive: true, mode: 0o700 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const sent = join(folder, 'sent');
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', fileURLToPath(new URL('../palmledger/main.js', import.meta.url))],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: String(port),
        HOST: '127.0.0.1',
        PALMLEDGER_DATA: join(folder, 'data'),
        PALMLEDGER_KEYS: join(folder, 'keys'),
        PALMLEDGER_OUTBOX: sent,
        PALMLEDGER_CARD_NETWORK: join(folder, 'card-network'),
        PALMLEDGER_WITNESS: join(folder, 'witness'),
        PALMLEDGER_BACKUPS: join(folder, 'backups'),
        PALMLEDGER_PURPOSE: 'demo',
        PALMLEDGER_LOG_FILE: join(folder, 'logs', 'palmledger.log'),
        ...more,
      },
    },
  );
  child.stderr.pipe(createWriteStream(join(folder, 'logs', 'errors.log')));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const admin = await firstAdmin(child.stdout);
    return { url, sent, admin, pid: child.pid!, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function firstAdmin(output: NodeJS.ReadableStream): Promise<Instance['admin']> {
  let text = '';
  output.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the instance did not start in time')), START_MS);
    output.on('end', () => reject(new Error('the instance ended while it started; see logs/errors.log of its folder')));
    output.on('data', (chunk: string) => {
      text += chunk;
      const principal = /principal (\S+)/.exec(text)?.[1];
      const secret = /secret {4}(\S+)/.exec(text)?.[1];
      if (principal === undefined || secret === undefined || !text.includes('Try next')) return;
      clearTimeout(late);
      resolve({ principal, secret });
    });
  });
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

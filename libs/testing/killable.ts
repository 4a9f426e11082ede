import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built process on a folder, to be killed. */
export interface Killable {
  /** kill -9: nothing is ended, nothing is flushed. */
  kill(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../dist/apps/palmledger/main.js', import.meta.url));
const PATIENCE_MS = 20_000;

/** Starts it and resolves once it says that it is ready. `npm test` has built it before. */
export async function startKillable(url: string, settings: Readonly<Record<string, string>>): Promise<Killable> {
  const { NODE_OPTIONS: _ours, ...environment } = process.env;
  const child = spawn(process.execPath, [MAIN], { env: { ...environment, ...settings }, stdio: 'ignore' });
  await ready(url, child);
  return {
    kill: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    if (child.exitCode !== null) throw new Error('the process ended while it started');
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the process is not ready in time');
}

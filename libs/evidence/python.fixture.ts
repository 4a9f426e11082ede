import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'palmledger-python');
const PACKAGE = 'cryptography==45.0.7';

/** A Python with the one package that the verifier needs, made once and kept; or why there is none, in one line. */
export function aPython(): { readonly python: string } | { readonly none: string } {
  const python = join(FOLDER, 'bin', 'python');
  const ready = join(FOLDER, PACKAGE);
  if (existsSync(ready)) return { python };
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(join(FOLDER, '..'), { recursive: true });
  const pip = ['--disable-pip-version-check', '--no-input', 'install', '--quiet', '--only-binary', ':all:', PACKAGE];
  const why =
    run('python3', ['-m', 'venv', '--without-pip', FOLDER]) ??
    // The venv's own pip, or the one that stands beside python3, whichever the machine has.
    (run(python, ['-m', 'ensurepip']) === undefined
      ? run(python, ['-m', 'pip', ...pip])
      : run('python3', ['-m', 'pip', '--python', python, ...pip]));
  if (why !== undefined) return { none: `the certificate is not checked in Python: ${why}` };
  writeFileSync(ready, '');
  return { python };
}

/** Why it failed; undefined where it did not. */
function run(command: string, args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 180_000 });
  if (error !== undefined)
    return `${command} cannot be run (${(error as NodeJS.ErrnoException).code ?? error.message})`;
  return status === 0
    ? undefined
    : `${command} ${args.slice(0, 2).join(' ')}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

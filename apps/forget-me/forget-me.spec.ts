import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As `npm run forget-me` does, from what was built: the instance is a process of its own whose memory is read. */
const PROGRAM = fileURLToPath(new URL('../../dist/apps/forget-me/main.js', import.meta.url));

describe('npm run forget-me', () => {
  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux(
    'erases somebody, attacks with everything, gets nothing, and draws it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'forget-me-spec-'));
      try {
        const svg = join(folder, 'drawn.svg');
        const { code, output } = await play(['--seed', 'spec', '--svg', svg]);
        expect(output).not.toContain('BROKEN');
        expect(code).toBe(0);
        expect(output).toMatch(/sealed fields opened +(\d+) of \1 +0 of \1 +\1 of \1/);
        expect(output).toMatch(/purchases tied together +6 of 6 +0 of 6 +6 of 6/);
        expect(output).toMatch(/signature bytes in memory +[1-9]\d* +0 /);
        expect(output).toMatch(/proofs that verify +(\d+) of \1 +\1 of \1/);
        expect(readFileSync(svg, 'utf8')).toContain('prefers-color-scheme: dark');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    180_000,
  );
});

function play(args: readonly string[]): Promise<{ code: number; output: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

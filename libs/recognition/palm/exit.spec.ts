import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const SCRIPT = `
  const { palmReader } = await import(new URL('palm-reader.ts', process.env.PALM));
  const { drawPalm } = await import(new URL('../../testing/palms/palm-picture.ts', process.env.PALM));
  const reader = palmReader({ deadlineMs: 20_000 });
  const { outcome } = await reader.read({ visible: await drawPalm({ person: 1, hand: 'left', capture: 0 }) });
  console.log(outcome);
  if (process.env.AT_ONCE) process.exit(0);
`;

describe('a process with a palm reader', () => {
  it.each([
    ['when it has nothing left to do', ''],
    ['at once', 'yes'],
  ])('exits %s, while native code may be at work in the worker', async (_, AT_ONCE) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=palmledger-src', '--eval', SCRIPT], {
      env: { ...process.env, NODE_OPTIONS: '', PALM: new URL('.', import.meta.url).href, AT_ONCE },
    });
    expect(stdout).toBe('signature\n');
  });
});

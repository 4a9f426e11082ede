import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('the pages that are made from the code', () => {
  it('say what the code says: docs/errors.md and docs/events.md', () => {
    const script = join(import.meta.dirname, 'docs.mjs');
    const { status, stderr } = spawnSync(process.execPath, ['--conditions=palmledger-src', script, '--check'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

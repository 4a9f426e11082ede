import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { assembled } from './assemble.ts';
import { signatureDrawer } from './drawn-signatures.ts';
import { bestKernelKind, compileKernel } from './kernel.ts';
import { newShard } from './shard.ts';

const shape = { modelVersion: 'drawn-1', dimensions: 64, codeBytes: 32 };

describe('the kernel of the scan', () => {
  it('is the one that its source assembles to', async () => {
    expect(readFileSync(new URL('./generated/kernel.ts', import.meta.url), 'utf8')).toBe(await assembled());
  });

  it('uses the relaxed dot product where the engine has it', () => {
    expect(['relaxed', 'plain']).toContain(bestKernelKind());
  });

  it('finds the same with the relaxed and with the plain dot product', () => {
    const drawer = signatureDrawer(1);
    const relaxed = newShard(shape, compileKernel('relaxed'));
    const plain = newShard(shape, compileKernel('plain'));
    for (let i = 0; i < 3000; i++) {
      const entry = { oneId: `one-${i}`, palm: 'p', hand: 'left', signature: drawer.somebody() } as const;
      relaxed.put(entry);
      plain.put(entry);
    }
    for (let i = 0; i < 20; i++) {
      const probe = drawer.somebody().vector;
      const found = (shard: typeof plain) =>
        shard.nearest(probe, 16).map(({ oneId, similarity }) => [oneId, similarity]);
      expect(found(relaxed)).toEqual(found(plain));
    }
  });
});

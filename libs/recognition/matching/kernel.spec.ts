import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CODE_BYTES, codeScore, decisionScore, fuse, VECTOR_LENGTH } from '../palm/compare.ts';
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
      const probe = drawer.somebody();
      const found = (shard: typeof plain) =>
        shard.nearest(probe, 16).map(({ oneId, similarity }) => [oneId, similarity]);
      expect(found(relaxed)).toEqual(found(plain));
    }
  });

  it.each(['relaxed', 'plain'] as const)('scores codes as the comparison of two signatures does (%s)', (kind) => {
    const real = { modelVersion: 'drawn-1', dimensions: VECTOR_LENGTH, codeBytes: CODE_BYTES };
    const drawer = signatureDrawer(2, real);
    const shard = newShard(real, compileKernel(kind));
    const palm = drawer.somebody();
    for (let i = 0; i < 60; i++) {
      const signature = i % 2 === 0 ? drawer.again(palm, i / 60) : drawer.somebody();
      // Also laid down a few cells away: rows of four bytes, moved by up to five.
      signature.code.copyWithin(0, 4 * (i % 6));
      shard.put({ oneId: `one-${i}`, palm: 'p', hand: 'left', signature });
    }
    for (const found of shard.nearest(palm, 60)) {
      expect(found.codeScore).toBeCloseTo(codeScore(palm.code, found.signature.code), 6);
      expect(fuse(found.similarity, found.codeScore!)).toBeCloseTo(decisionScore(palm, found.signature), 5);
    }
  });
});

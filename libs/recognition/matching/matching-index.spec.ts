import { afterEach, describe, expect, it } from '@jest/globals';
import { CODE_BYTES, VECTOR_LENGTH } from '../palm/compare.ts';
import { signatureDrawer } from './drawn-signatures.ts';
import type { IndexEntry } from './entry.ts';
import { type MatchingIndex, startMatchingIndex } from './matching-index.ts';

const shape = { modelVersion: 'drawn-1', dimensions: VECTOR_LENGTH, codeBytes: CODE_BYTES };
const started: MatchingIndex[] = [];
const start = (deadlineMs?: number): MatchingIndex => {
  const index = startMatchingIndex({ shapes: [shape], ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  started.push(index);
  return index;
};
const people = (count: number): IndexEntry[] => {
  const drawer = signatureDrawer(3, shape);
  return Array.from({ length: count }, (_, i) => ({
    oneId: `one-${i}`,
    palm: 'palm',
    hand: i % 2 === 0 ? 'left' : 'right',
    signature: drawer.somebody(),
  }));
};
afterEach(() => Promise.all(started.splice(0).map((index) => index.close())));

describe('the index in its worker', () => {
  it('finds who was added, by vector and code together, and nobody any more who was removed', async () => {
    const index = start();
    const all = people(300);
    expect(await index.addMany(all, 0)).toEqual(all.map(() => 'added'));
    const probe = signatureDrawer(4, shape).again(all[17]!.signature, 0.3);
    const { matches, palms } = await index.search(probe);
    expect(palms).toBe(300);
    expect(matches[0]).toMatchObject({ oneId: 'one-17', palm: 'palm', hand: 'right' });
    expect(matches[0]!.score - matches[1]!.score).toBeGreaterThan(0.1);
    expect(await index.remove('one-17', 'palm')).toBe(true);
    expect(await index.removeOneId('one-18')).toBe(1);
    const after = (await index.search(probe)).matches.map(({ oneId }) => oneId);
    expect(after).not.toContain('one-17');
    expect((await index.search(all[18]!.signature)).matches[0]!.score).toBeLessThan(0.7);
    expect((await index.status()).palms).toBe(298);
  });

  it('leaves the caller its signature, to overwrite', async () => {
    const [entry] = people(1);
    const before = entry!.signature.vector.slice();
    await start().add(entry!, 0);
    expect(entry!.signature.vector).toEqual(before);
  });

  it('refuses by the same typed errors as the index itself', async () => {
    const index = start();
    const [entry] = people(1);
    entry!.signature.vector[3] = NaN;
    await expect(index.search(entry!.signature)).rejects.toMatchObject({
      name: 'MatchingRefused',
      code: 'vector-not-finite',
    });
    await expect(index.add(entry!, 0)).rejects.toMatchObject({ name: 'MatchingRefused' });
  });

  it('takes nothing older than the epoch it was cleared to', async () => {
    const index = start();
    await index.clearedTo(2);
    const [entry] = people(1);
    expect(await index.add(entry!, 1)).toBe('stale');
    expect(await index.add(entry!, 2)).toBe('added');
  });

  it('answers a search before a long queue of changes is worked off', async () => {
    const index = start();
    const all = people(1000);
    await index.add(all[0]!, 0);
    let changed = false;
    const changes = index.addMany(all, 0).then(() => (changed = true));
    await index.search(all[0]!.signature);
    expect(changed).toBe(false);
    await changes;
  });

  it('says so when no answer comes in time, and when it was closed', async () => {
    const index = start(1);
    const all = people(200);
    await expect(index.addMany(all, 0)).rejects.toMatchObject({ name: 'MatchingUnavailable', why: 'overdue' });
    await index.close();
    await expect(index.search(all[0]!.signature)).rejects.toMatchObject({ why: 'closed' });
  });
});

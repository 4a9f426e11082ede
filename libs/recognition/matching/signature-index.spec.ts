import { describe, expect, it } from '@jest/globals';
import { signatureDrawer } from './drawn-signatures.ts';
import type { Signature } from '../palm/port.ts';
import type { IndexEntry } from './entry.ts';
import { compileKernel } from './kernel.ts';
import { newShard } from './shard.ts';
import { newSignatureIndex } from './signature-index.ts';

const shape = { modelVersion: 'drawn-1', dimensions: 64, codeBytes: 32 };
/** A crowd of this size has as many matches told. */
const FEW = 32;
const newer = { modelVersion: 'drawn-2', dimensions: 100, codeBytes: 16 };

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, component, i) => sum + component * b[i]!, 0);
const cosine = (probe: Signature, held: Pick<IndexEntry, 'signature'>): number =>
  dot(probe.vector, held.signature.vector);
const entryOf = (oneId: string, palm: string, signature: Signature): IndexEntry => ({
  oneId,
  palm,
  hand: 'left',
  signature,
});

function filled(count: number, seed = 7) {
  const drawer = signatureDrawer(seed);
  const index = newSignatureIndex([shape, newer], cosine);
  const people = Array.from({ length: count }, (_, i) => entryOf(`one-${i}`, 'palm', drawer.somebody()));
  for (const person of people) index.put(person, 0);
  return { drawer, index, people };
}

describe('the index of signatures', () => {
  it('finds exactly the most similar palms, in order, as comparing with every one would', () => {
    const { drawer, index, people } = filled(5000);
    for (let i = 0; i < 30; i++) {
      const probe = i % 2 === 0 ? drawer.somebody() : drawer.again(people[i * 100]!.signature, 0.5);
      const wanted = people
        .map(({ oneId, signature }) => ({ oneId, similarity: cosine(probe, { signature }) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, FEW);
      expect(index.search(probe).map(({ oneId }) => oneId)).toEqual(wanted.map(({ oneId }) => oneId));
    }
  });

  it('finds them exactly among look-alikes too, whose similarities lie closer than the bytes can tell', () => {
    const drawer = signatureDrawer(8);
    const index = newSignatureIndex([shape], cosine);
    const likeness = drawer.somebody();
    const people = Array.from({ length: 3000 }, (_, i) => entryOf(`one-${i}`, 'p', drawer.again(likeness, 0.02)));
    for (const person of people) index.put(person, 0);
    const probe = drawer.again(likeness, 0.02);
    const wanted = people.map((person) => cosine(probe, person)).sort((a, b) => b - a);
    const found = index.search(probe).map(({ similarity }) => similarity);
    found.forEach((similarity, i) => expect(similarity).toBeCloseTo(wanted[i]!, 5));
  });

  it('finds nobody in an empty index', () => {
    expect(newSignatureIndex([shape], cosine).search(signatureDrawer(1).somebody())).toEqual([]);
  });

  it('lets the finer score decide the order among the best few', () => {
    const { people } = filled(200);
    const index = newSignatureIndex([shape], (_, held) => held.signature.code[0]! / 255);
    for (const person of people) index.put(person, 0);
    const scores = index.search(people[3]!.signature).map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('leaves out the One ID that it is told to', () => {
    const { index, people } = filled(2000);
    const probe = people[1234]!.signature;
    expect(index.search(probe)[0]!.oneId).toBe('one-1234');
    const without = index.search(probe, 'one-1234');
    expect(without).toHaveLength(FEW);
    expect(without.map(({ oneId }) => oneId)).not.toContain('one-1234');
  });

  it('keeps finding everybody while palms are added, replaced and removed in any order', () => {
    const { drawer, index, people } = filled(2500);
    const held = new Map(people.map((person) => [person.oneId, person.signature]));
    for (let i = 0; i < 2500; i += 3) {
      index.remove(`one-${i}`, 'palm');
      held.delete(`one-${i}`);
    }
    for (let i = 1; i < 2500; i += 30) {
      const signature = drawer.somebody();
      expect(index.put(entryOf(`one-${i}`, 'palm', signature), 0)).toBe('replaced');
      held.set(`one-${i}`, signature);
    }
    expect(index.status().palms).toBe(held.size);
    for (const [oneId, signature] of [...held].slice(0, 400)) expect(index.search(signature)[0]!.oneId).toBe(oneId);
    for (let i = 0; i < 300; i += 3) {
      const best = index.search(people[i]!.signature)[0]!;
      expect(best.oneId).not.toBe(`one-${i}`);
      expect(best.similarity).toBeLessThan(0.9);
    }
  });

  it('removes all palms of a One ID at once', () => {
    const { drawer, index } = filled(10);
    index.put(entryOf('anna', 'left', drawer.somebody()), 0);
    index.put(entryOf('anna', 'right', drawer.somebody()), 0);
    expect(index.removeOneId('anna')).toBe(2);
    expect(index.removeOneId('anna')).toBe(0);
    expect(index.status().palms).toBe(10);
  });

  it('takes an entry of a newer model version in place of the older one', () => {
    const { index, people } = filled(10);
    const signature = signatureDrawer(9, newer).somebody();
    expect(index.put(entryOf('one-4', 'palm', signature), 0)).toBe('replaced');
    expect(index.search(signature)[0]!.oneId).toBe('one-4');
    expect(index.search(people[4]!.signature).map(({ oneId }) => oneId)).not.toContain('one-4');
    expect(index.status().versions).toEqual([
      { modelVersion: 'drawn-1', palms: 9 },
      { modelVersion: 'drawn-2', palms: 1 },
    ]);
  });

  it('takes nothing that was opened before the epoch it was cleared to', () => {
    const { drawer, index } = filled(1);
    index.clearedTo(5);
    index.clearedTo(3);
    expect(index.put(entryOf('late', 'palm', drawer.somebody()), 4)).toBe('stale');
    expect(index.put(entryOf('fresh', 'palm', drawer.somebody()), 5)).toBe('added');
    expect(index.status()).toMatchObject({ palms: 2, epoch: 5 });
  });

  it.each([
    ['a component that is not a number', 'vector-not-finite', { vector: new Float32Array(64).fill(NaN) }],
    ['an infinite component', 'vector-not-finite', { vector: new Float32Array(64).fill(Infinity) }],
    ['only zeros', 'vector-not-unit', { vector: new Float32Array(64) }],
    ['a length other than 1', 'vector-not-unit', { vector: new Float32Array(64).fill(1) }],
    ['too few components', 'vector-wrong-length', { vector: new Float32Array(63).fill(1 / Math.sqrt(63)) }],
    ['a code of another length', 'code-wrong-length', { code: new Uint8Array(31) }],
    ['a model version that it does not hold', 'model-version-unknown', { modelVersion: 'drawn-9' }],
  ])('refuses a signature with %s', (_, code, wrong) => {
    const { drawer, index } = filled(3);
    const signature = { ...drawer.somebody(), ...wrong };
    const refusal = expect.objectContaining({ name: 'MatchingRefused', code });
    expect(() => index.put(entryOf('new', 'palm', signature), 0)).toThrow(refusal);
    expect(() => index.search(signature)).toThrow(refusal);
    expect(index.status().palms).toBe(3);
  });

  it('refuses ids that are empty, too long or not plain characters', () => {
    const { drawer, index } = filled(1);
    for (const id of ['', 'x'.repeat(32), 'änna', 'a b']) {
      expect(() => index.put(entryOf(id, 'palm', drawer.somebody()), 0)).toThrow('id-invalid');
      expect(() => index.put(entryOf('anna', id, drawer.somebody()), 0)).toThrow('id-invalid');
    }
  });
});

describe('the memory of the index', () => {
  const memoriesOf = (use: (shard: ReturnType<typeof newShard>) => void): Uint8Array[] => {
    const memories: Uint8Array[] = [];
    const real = WebAssembly.Instance;
    const opened: WebAssembly.Memory[] = [];
    WebAssembly.Instance = class extends real {
      constructor(module: WebAssembly.Module) {
        super(module);
        opened.push((this.exports as { memory: WebAssembly.Memory }).memory);
      }
    };
    try {
      use(newShard(shape, compileKernel()));
      for (const memory of opened) memories.push(new Uint8Array(memory.buffer));
    } finally {
      WebAssembly.Instance = real;
    }
    return memories;
  };
  const holds = (memories: Uint8Array[], wanted: Uint8Array): boolean =>
    memories.some((memory) => Buffer.from(memory.buffer).includes(Buffer.from(wanted)));
  const bytesOf = (vector: Float32Array): Uint8Array => new Uint8Array(vector.buffer).subarray(0, 32);

  it('holds no byte of a palm that was removed, replaced or searched for', () => {
    const drawer = signatureDrawer(11);
    const people = Array.from({ length: 1500 }, (_, i) => entryOf(`one-${i}`, 'palm', drawer.somebody()));
    const probe = drawer.somebody();
    const memories = memoriesOf((shard) => {
      for (const person of people) shard.put(person);
      shard.nearest(probe, 8);
      shard.remove('one-3', 'palm');
      shard.removeOneId('one-1499');
      shard.put(entryOf('one-5', 'palm', drawer.somebody()));
    });
    expect(holds(memories, bytesOf(people[4]!.signature.vector))).toBe(true);
    for (const gone of [people[3]!, people[1499]!, people[5]!]) {
      expect(holds(memories, bytesOf(gone.signature.vector))).toBe(false);
      expect(holds(memories, gone.signature.code)).toBe(false);
    }
    expect(holds(memories, bytesOf(probe.vector))).toBe(false);
    expect(holds(memories, Buffer.from('one-1499'))).toBe(false);
  });

  it('is at most 1.6 times what vectors, codes and ids weigh', () => {
    const wide = { modelVersion: 'wide', dimensions: 256, codeBytes: 256 };
    const drawer = signatureDrawer(12, wide);
    const shard = newShard(wide, compileKernel());
    const signature = drawer.somebody();
    const palm = 'a'.repeat(26);
    for (let i = 0; i < 20_000; i++) shard.put(entryOf(String(i).padStart(26, 'a'), palm, signature));
    expect(shard.bytes() / (20_000 * (256 * 4 + 256 + 26 + 26))).toBeLessThan(1.6);
  });
});

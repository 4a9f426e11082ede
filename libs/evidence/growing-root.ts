import { EMPTY_ROOT, nodeHash } from './merkle.ts';

/** A root that grows leaf by leaf and keeps only the complete subtrees on its right edge. */
export interface GrowingRoot {
  add(leaf: Uint8Array): void;
  root(): Buffer;
}

export function growingRoot(): GrowingRoot {
  /** From the largest to the smallest; one for each bit of the size. */
  const edge: { level: number; hash: Uint8Array }[] = [];
  return {
    add: (leaf) => {
      let hash = leaf;
      let level = 0;
      while (edge.at(-1)?.level === level) {
        hash = nodeHash(edge.pop()!.hash, hash);
        level += 1;
      }
      edge.push({ level, hash });
    },
    root: () => {
      const [smallest, ...larger] = edge.toReversed();
      if (smallest === undefined) return EMPTY_ROOT;
      return Buffer.from(larger.reduce<Uint8Array>((right, { hash }) => nodeHash(hash, right), smallest.hash));
    },
  };
}

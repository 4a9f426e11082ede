import { EMPTY_ROOT, nodeHash } from './merkle.ts';

/** The complete subtree of 2^level leaves. */
export interface Subtree {
  readonly level: number;
  readonly hash: Uint8Array;
}

/** A root that grows leaf by leaf and keeps only the complete subtrees on its right edge. */
export interface GrowingRoot {
  /** Gives the subtrees that are complete with it: itself, then each larger one. */
  add(leaf: Uint8Array): Uint8Array[];
  root(): Buffer;
}

/** `begun`: the complete subtrees of what was added before, the largest first. */
export function growingRoot(begun: readonly Subtree[] = []): GrowingRoot {
  /** From the largest to the smallest; one for each bit of the size. */
  const edge = [...begun];
  return {
    add: (leaf) => {
      let hash = leaf;
      let level = 0;
      const complete = [leaf];
      while (edge.at(-1)?.level === level) {
        hash = nodeHash(edge.pop()!.hash, hash);
        level += 1;
        complete.push(hash);
      }
      edge.push({ level, hash });
      return complete;
    },
    root: () => {
      const [smallest, ...larger] = edge.toReversed();
      if (smallest === undefined) return EMPTY_ROOT;
      return Buffer.from(larger.reduce<Uint8Array>((right, { hash }) => nodeHash(hash, right), smallest.hash));
    },
  };
}

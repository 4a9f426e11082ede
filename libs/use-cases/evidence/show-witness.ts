import type { KeyObject } from 'node:crypto';
import { EvidenceInvalid, HeadRefused, LedgerContradicted } from '#libs/evidence/errors.ts';
import { verifyHead } from '#libs/evidence/head.ts';
import type { Tree } from '#libs/evidence/tree-file.ts';
import type { Witness } from '#libs/evidence/witness.ts';
import type { ShowHead } from './sign-head.ts';

export interface Showing {
  readonly witness: Witness;
  readonly tree: Tree;
  readonly publicKey: KeyObject;
  /** It cannot be reached: the next head is tried again, and makes up for this one. */
  readonly failed: (error: unknown) => void;
}

/** Shows heads to a witness, each with its proof from the last that the witness has. Throws `LedgerContradicted` where it refuses one. */
export function showWitness({ witness, tree, publicKey, failed }: Showing): ShowHead {
  let shown: string | undefined;
  return async (signed) => {
    if (signed === shown) return;
    try {
      const before = await witness.last();
      const from = before === undefined ? 0n : BigInt(verifyHead(before, publicKey).treeSize);
      const to = BigInt(verifyHead(signed, publicKey).treeSize);
      // Where the witness has seen more, nothing can be proved, and it says so itself.
      await witness.witness(signed, from <= to ? tree.consistencyProof(from, to) : []);
      shown = signed;
    } catch (error) {
      if (!(error instanceof HeadRefused || error instanceof EvidenceInvalid)) return failed(error);
      throw new LedgerContradicted(`the ledger is not what its witness has seen: ${error.message}`);
    }
  };
}

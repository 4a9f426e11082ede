import { encode } from '#libs/event-codec/codec.ts';
import { rebuild } from '#libs/evidence/catch-up.ts';
import { LedgerContradicted, TreeDamaged } from '#libs/evidence/errors.ts';
import { base64url, signHead, type TreeHead } from '#libs/evidence/head.ts';
import { headMaker } from '#libs/evidence/head-maker.ts';
import { anchorOf, type Anchor } from '#libs/evidence/record-proof.ts';
import type { Tree } from '#libs/evidence/tree-file.ts';
import { WrongExpectedRevision } from '#libs/ledger/errors.ts';
import type { LeafLog, StoredRecord } from '#libs/ledger/port.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { appendKnown } from '../stream/decide.ts';
import { lastHead, type NumberedHead } from './heads.ts';

/** The log of heads beside the ledger: one process has it, since one process fills the tree. */
export interface Evidence {
  /** The last signed head, as canonical JSON; undefined before the first. */
  latest(): Promise<string | undefined>;
  /** Signs what the ledger is now, unless nothing but the last head has come since, and nothing was pruned. */
  sign(): Promise<string>;
  /** Shows that a record is in the log of a signed head, the newest that was signed or, where it is not yet in that, a new one. */
  anchor(record: StoredRecord): Promise<Anchor>;
  /** RFC 9162 consistency between two sizes of the tree, base64url. Throws a RangeError for sizes that no head has reached. */
  consistency(first: bigint, second: bigint): Promise<readonly string[]>;
  /** What the tree is over. */
  readonly log: Pick<LeafLog, 'leaves'>;
  /** That leaves are in the log of a head of this size; base64url. Throws a RangeError likewise. */
  inclusions(leaves: readonly bigint[], size: bigint): Promise<readonly (readonly string[])[]>;
}

type Needs = Pick<Deps, 'ledger' | 'keyring' | 'keys' | 'clock'>;

/** Shown every head that was signed, and the last once more. What it throws, whoever asked for a head hears. */
export type ShowHead = (signed: string) => Promise<void>;

/** Whoever signs at the same time finds the number taken, and takes the other's head. */
export function evidenceOf(deps: Needs, tree: Tree, log: LeafLog, show: ShowHead = async () => {}): Evidence {
  const make = headMaker(tree, log);
  let last: NumberedHead | undefined;
  /** How many leaves had no record when the last head was made, or compared. */
  let prunedThen: bigint | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** The tree is filled by one at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function newest(): Promise<NumberedHead | undefined> {
    last = await lastHead(deps, last);
    return last;
  }

  async function signNext(): Promise<NumberedHead> {
    const next = await nextHead();
    await show(next.signed);
    return next;
  }

  async function nextHead(): Promise<NumberedHead> {
    const before = await newest();
    const pruned = await log.prunedCount();
    // The last head's own record is one leaf that it does not speak for.
    const grown = before === undefined || (await log.size()) > BigInt(before.head.treeSize) + 1n;
    if (!grown && pruned === prunedThen) return before;
    const head = await makeOver(before?.head);
    prunedThen = pruned;
    if (!grown && head.pruned === before.head.pruned) return before;
    const signed = signHead(head, deps.keys.evidence.privateKey);
    const next = { number: (before?.number ?? 0n) + 1n, signed, head };
    if (!(await append(deps, next))) return (await newest()) ?? next;
    last = next;
    return next;
  }

  /** The tree is only a copy: where it does not fit, it is made anew, and only then the ledger is to blame. */
  async function makeOver(before: TreeHead | undefined): Promise<TreeHead> {
    // Heads' times rise, wherever the clock was set.
    const now = isoNow(deps.clock);
    const at = before !== undefined && before.at > now ? before.at : now;
    try {
      return await make(at, before);
    } catch (error) {
      if (!(error instanceof TreeDamaged)) throw error;
    }
    await rebuild(tree, log);
    try {
      return await make(at, before);
    } catch (error) {
      if (!(error instanceof TreeDamaged)) throw error;
      throw new LedgerContradicted(`the ledger does not go on from its last signed head: ${error.message}`);
    }
  }

  async function filledTo(wanted: bigint): Promise<void> {
    const reached = BigInt((await newest())?.head.treeSize ?? 0);
    if (wanted > reached) throw new RangeError('no head has reached that size');
    if (tree.size() < reached) await makeOver(undefined);
  }

  return {
    log,
    latest: async () => (await newest())?.signed,
    sign: () => inTurn(async () => (await signNext()).signed),
    anchor: (record) =>
      inTurn(async () => {
        const before = await newest();
        const index = await log.leafIndexOf(record.stream, record.id);
        const isIn = before !== undefined && index !== undefined && index < BigInt(before.head.treeSize);
        const { signed } = isIn && tree.size() >= BigInt(before.head.treeSize) ? before : await signNext();
        return anchorOf(tree, log, record, signed);
      }),
    consistency: (first, second) =>
      inTurn(async () => {
        if (first > second) throw new RangeError('a tree extends only a smaller one');
        await filledTo(second);
        return tree.consistencyProof(first, second).map(base64url);
      }),
    inclusions: (leaves, size) =>
      inTurn(async () => {
        await filledTo(size);
        return leaves.map((leaf) => tree.inclusionProof(leaf, size).map(base64url));
      }),
  };
}

async function append(deps: Needs, { number, signed, head }: NumberedHead): Promise<boolean> {
  const clear = { treeSize: Number(head.treeSize), root: head.root, signed };
  const stream = `head-${number}`;
  const writing = { at: head.at, actor: 'system', about: { who: 'system/evidence' } } as const;
  const records = await encode(deps.keyring, stream, [{ type: 'HeadSigned', clear }], writing);
  try {
    await appendKnown(deps.ledger, stream, 'none', records);
    return true;
  } catch (error) {
    if (error instanceof WrongExpectedRevision) return false;
    throw error;
  }
}

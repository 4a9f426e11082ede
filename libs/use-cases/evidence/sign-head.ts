import { encode } from '#libs/event-codec/codec.ts';
import { base64url, signHead, verifyHead, type TreeHead } from '#libs/evidence/head.ts';
import { headMaker } from '#libs/evidence/head-maker.ts';
import { anchorOf, type Anchor } from '#libs/evidence/record-proof.ts';
import type { Tree } from '#libs/evidence/tree-file.ts';
import { WrongExpectedRevision } from '#libs/ledger/errors.ts';
import type { LeafLog, Ledger, StoredRecord } from '#libs/ledger/port.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { appendKnown } from '../stream/decide.ts';

/** The log of heads beside the ledger: one process has it, since one process fills the tree. */
export interface Evidence {
  /** The last signed head, as canonical JSON; undefined before the first. */
  latest(): Promise<string | undefined>;
  /** Signs what the ledger is now, unless nothing but the last head has come since. */
  sign(): Promise<string>;
  /** Shows that a record is in the log of a signed head, the newest that was signed or, where it is not yet in that, a new one. */
  anchor(record: StoredRecord): Promise<Anchor>;
  /** RFC 9162 consistency between two sizes of the tree, base64url. Throws a RangeError for sizes that no head has reached. */
  consistency(first: bigint, second: bigint): Promise<readonly string[]>;
}

type Needs = Pick<Deps, 'ledger' | 'keyring' | 'keys' | 'clock'>;
interface Last {
  readonly number: bigint;
  readonly signed: string;
  readonly head: TreeHead;
}

/** `head-<n>`, from 1 on, without gaps: whoever signs at the same time finds the number taken, and takes the other's head. */
export function evidenceOf(deps: Needs, tree: Tree, log: LeafLog): Evidence {
  const make = headMaker(tree, log);
  let last: Last | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** The tree is filled by one at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function newest(): Promise<Last | undefined> {
    last = await lastAfter(deps, last);
    return last;
  }

  async function signNext(): Promise<Last> {
    const before = await newest();
    // The last head's own record is one leaf that it does not speak for.
    if (before !== undefined && (await log.size()) <= BigInt(before.head.treeSize) + 1n) return before;
    const head = await make(isoNow(deps.clock), before?.head);
    const signed = signHead(head, deps.keys.evidence.privateKey);
    const next = { number: (before?.number ?? 0n) + 1n, signed, head };
    if (!(await append(deps, next))) return (await newest()) ?? next;
    last = next;
    return next;
  }

  return {
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
        const reached = BigInt((await newest())?.head.treeSize ?? 0);
        if (first > second || second > reached) throw new RangeError('no head has reached that size');
        if (tree.size() < reached) await make(isoNow(deps.clock));
        return tree.consistencyProof(first, second).map(base64url);
      }),
  };
}

async function append(deps: Needs, { number, signed, head }: Last): Promise<boolean> {
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

/** Numbers have no gaps: the last is found by doubling and halving, however many there are. */
async function lastAfter(deps: Needs, known: Last | undefined): Promise<Last | undefined> {
  let low = known?.number ?? 0n;
  let step = 1n;
  while (await exists(deps.ledger, low + step)) step *= 2n;
  let high = low + step;
  low += step / 2n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (await exists(deps.ledger, middle)) low = middle;
    else high = middle;
  }
  return low === (known?.number ?? 0n) ? known : readHead(deps, low);
}

async function exists(ledger: Pick<Ledger, 'readStream'>, number: bigint): Promise<boolean> {
  return (await ledger.readStream(`head-${number}`, { limit: 1 })).length > 0;
}

async function readHead({ ledger, keys }: Needs, number: bigint): Promise<Last> {
  const [record] = await ledger.readStream(`head-${number}`, { limit: 1 });
  const { signed } = JSON.parse(record!.clear) as { signed: string };
  return { number, signed, head: verifyHead(signed, keys.evidence.publicKey) };
}

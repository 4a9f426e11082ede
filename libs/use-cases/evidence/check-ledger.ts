import { catchUp, rebuild, type OnLeaves } from '#libs/evidence/catch-up.ts';
import { EvidenceInvalid, LedgerContradicted, TreeDamaged } from '#libs/evidence/errors.ts';
import { base64url, verifyHead, type TreeHead } from '#libs/evidence/head.ts';
import { prunedDigest } from '#libs/evidence/pruned-digest.ts';
import { prunedIndexes } from '#libs/evidence/pruned-indexes.ts';
import type { Tree } from '#libs/evidence/tree-file.ts';
import type { Witness } from '#libs/evidence/witness.ts';
import type { LeafLog } from '#libs/ledger/port.ts';
import type { Deps } from '../deps.ts';
import { lastHead, type NumberedHead } from './heads.ts';
import { pruningsExplained } from './prunings-explained.ts';

export interface CheckLedger {
  readonly deps: Pick<Deps, 'ledger' | 'keys'>;
  readonly tree: Tree;
  readonly log: LeafLog;
  readonly witness: Witness;
  /** What people call the two, in refusals: folders. */
  readonly names: { readonly ledger: string; readonly witness: string };
  readonly onLeaves?: OnLeaves;
}

export interface Checked {
  readonly head: NumberedHead | undefined;
  /** `begins`: the witness remembers nothing, although heads were signed before. */
  readonly witness: 'agrees' | 'begins';
}

const TAIL = 1_000n;

/**
 * What can be told of a ledger at once, before anything is served: that it goes on from its last signed head and from the last
 * that the witness has seen, that only what was pruned is missing, and that its tail is whole. Throws `LedgerContradicted`.
 */
export async function checkLedger(check: CheckLedger): Promise<Checked> {
  const { deps, tree, log, witness, names, onLeaves } = check;
  await catchUp(tree, log, onLeaves).catch(async (error: unknown) => {
    if (!(error instanceof TreeDamaged)) throw error;
    await rebuild(tree, log, onLeaves);
  });
  const head = await signedBy(() => lastHead(deps), `the last signed head in ${names.ledger}`, names);
  if (head !== undefined) await mustHold(check, head.head, 'its own last signed head');
  const seen = await witnessed(witness, deps, names);
  if (seen !== undefined) await mustHold(check, seen, `its witness ${names.witness}`);
  if (head !== undefined) await mustHaveAllButPruned(check, head.head);
  await readTail(check);
  return { head, witness: seen === undefined && head !== undefined ? 'begins' : 'agrees' };
}

/** The tree may be at fault; only where a fresh one says the same, the ledger is. */
async function mustHold({ tree, log, names, onLeaves }: CheckLedger, head: TreeHead, whose: string): Promise<void> {
  const size = BigInt(head.treeSize);
  const holds = () => size <= tree.size() && base64url(tree.root(size)) === head.root;
  if (holds()) return;
  await rebuild(tree, log, onLeaves);
  if (holds()) return;
  const what =
    size > tree.size()
      ? `was cut, or is an older copy: ${tree.size()} records, but ${whose} speaks for ${size} of ${head.at}`
      : `was altered or forked: it is not what ${whose} of ${head.at} speaks for`;
  throw refused(names, what);
}

async function witnessed(
  witness: Witness,
  { keys }: CheckLedger['deps'],
  names: CheckLedger['names'],
): Promise<TreeHead | undefined> {
  const last = await witness.last();
  if (last === undefined) return undefined;
  try {
    return verifyHead(last, keys.evidence.publicKey);
  } catch (error) {
    if (!(error instanceof EvidenceInvalid)) throw error;
    throw new LedgerContradicted(
      `what the witness ${names.witness} remembers was not signed by this ledger's key: name this ledger's witness by PALMLEDGER_WITNESS, or an empty folder where ${names.ledger} was made anew on purpose`,
    );
  }
}

async function signedBy<T>(read: () => Promise<T>, what: string, names: CheckLedger['names']): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof EvidenceInvalid)) throw error;
    throw refused(names, `was altered: the service's key did not sign ${what}`);
  }
}

/** Records are missing only where the last head says so, or an erasure was under way when the process ended. */
async function mustHaveAllButPruned({ deps, log, names }: CheckLedger, head: TreeHead): Promise<void> {
  const digest = base64url(await prunedDigest(BigInt(head.treeSize), prunedIndexes(log)));
  if (digest === head.pruned || (await pruningsExplained(deps.ledger, BigInt(head.position)))) return;
  throw refused(names, `lacks records that no erasure has pruned since its last signed head of ${head.at}`);
}

/** Each record that is read is checked against its leaf. */
async function readTail({ deps, log, tree }: CheckLedger): Promise<void> {
  const size = tree.size();
  const [first] = await log.leaves(size > TAIL ? size - TAIL : 0n, 1);
  for (let after = (first?.position ?? 1n) - 1n; ;) {
    const { next } = await deps.ledger.readAll({ after, limit: 200 });
    if (next === after) return;
    after = next;
  }
}

function refused({ ledger }: CheckLedger['names'], what: string): LedgerContradicted {
  return new LedgerContradicted(
    `the ledger in ${ledger} ${what}; keep it for the auditors and bring back the newest backup (docs/security.md: where an older one is all there is, two admins accept the loss)`,
  );
}

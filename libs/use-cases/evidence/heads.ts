import { verifyHead, type TreeHead } from '#libs/evidence/head.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { Deps } from '../deps.ts';

/** A signed head of the ledger, `head-<number>`, from 1 on without gaps. Its signature was verified. */
export interface NumberedHead {
  readonly number: bigint;
  readonly signed: string;
  readonly head: TreeHead;
}

type Needs = Pick<Deps, 'ledger' | 'keys'>;

/** The last one, found by doubling and halving from one that is known. Throws `EvidenceInvalid` where the key did not sign it. */
export async function lastHead(deps: Needs, known?: NumberedHead): Promise<NumberedHead | undefined> {
  const from = known?.number ?? 0n;
  let step = 1n;
  while (await exists(deps.ledger, from + step)) step *= 2n;
  const number = await firstWhere(from + step / 2n, from + step, async (one) => !(await exists(deps.ledger, one)));
  return number - 1n === from ? known : readHead(deps, number - 1n);
}

/** The first head with at least so many leaves, at or before `last`, which has them. */
export async function firstHeadOver(deps: Needs, leaves: bigint, last: NumberedHead): Promise<NumberedHead> {
  const reaches = async (number: bigint) => BigInt((await readHead(deps, number)).head.treeSize) >= leaves;
  return readHead(deps, await firstWhere(0n, last.number, reaches));
}

export async function readHead({ ledger, keys }: Needs, number: bigint): Promise<NumberedHead> {
  const [record] = await ledger.readStream(`head-${number}`, { limit: 1 });
  const { signed } = JSON.parse(record!.clear) as { signed: string };
  return { number, signed, head: verifyHead(signed, keys.evidence.publicKey) };
}

/** The first number for which it holds, above `low`, for which it does not, up to `high`, for which it does. */
async function firstWhere(low: bigint, high: bigint, holds: (number: bigint) => Promise<boolean>): Promise<bigint> {
  let [before, at] = [low, high];
  while (at - before > 1n) {
    const middle = (before + at) / 2n;
    if (await holds(middle)) at = middle;
    else before = middle;
  }
  return at;
}

async function exists(ledger: Pick<Ledger, 'readStream'>, number: bigint): Promise<boolean> {
  return (await ledger.readStream(`head-${number}`, { limit: 1 })).length > 0;
}

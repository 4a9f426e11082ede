import type { KeyObject } from 'node:crypto';
import { verifyHead } from '#libs/evidence/head.ts';
import { verifyLog } from '#libs/evidence/verify-log.ts';
import { CannotDo } from '#libs/command-line/run-program.ts';
import type { EmbeddedLedger } from '#libs/ledger/embedded/open.ts';
import { withLedger } from './open-ledger.ts';

/** Each record against its leaf, the leaves against the last signed head, the missing ones against those it signs as pruned. */
export async function verifyOffline(folder: string, publicKey: KeyObject) {
  return withLedger(folder, async (ledger, found) => {
    const head = verifyHead(await lastHead(ledger), publicKey);
    await verifyLog(ledger, ledger, head);
    return { found, treeSize: head.treeSize, root: head.root, signedAt: head.at, position: head.position };
  });
}

async function lastHead(ledger: EmbeddedLedger): Promise<string> {
  let last: string | undefined;
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({ after, limit: 500, types: ['HeadSigned'] });
    for (const { clear } of records) last = (JSON.parse(clear) as { signed: string }).signed;
    if (next === after) break;
    after = next;
  }
  if (last === undefined) throw new CannotDo('no head was signed yet');
  return last;
}

import type { KeyObject } from 'node:crypto';
import { clearOf, encode } from '#libs/event-codec/codec.ts';
import type { CertificateFacts } from '#libs/evidence/certificate-fields.ts';
import { headMaker } from '#libs/evidence/head-maker.ts';
import { signHead, verifyHead, type TreeHead } from '#libs/evidence/head.ts';
import { anchorOf } from '#libs/evidence/record-proof.ts';
import type { Tree } from '#libs/evidence/tree-file.ts';
import type { Witness } from '#libs/evidence/witness.ts';
import { WrongExpectedRevision } from '#libs/ledger/errors.ts';
import type { LeafLog, Ledger, StoredRecord } from '#libs/ledger/port.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import { isoNow, type Clock } from '#libs/runtime/clock.ts';
import { appendKnown } from '#libs/use-cases/stream/decide.ts';
import { systemWho } from './system.ts';

export interface HeadParts {
  readonly ledger: Ledger & LeafLog;
  readonly keyring: Pick<Keyring, 'seal'>;
  readonly clock: Clock;
  readonly tree: Tree;
  /** The service's evidence key. */
  readonly key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  readonly witness?: Witness;
}

/** Signs heads of the log, on demand and on a schedule, one at a time. */
export interface Heads {
  /** The head of the log as it is now. */
  sign(): Promise<string>;
  /** The same where something but the last head itself was appended since; else undefined. */
  signWhereGrown(): Promise<string | undefined>;
  /** Shows that a record is in the log of a head that is signed now. */
  anchor(record: StoredRecord): Promise<CertificateFacts['anchor']>;
}

export function signsHeads(parts: HeadParts): Heads {
  const { tree, ledger, clock } = parts;
  const make = headMaker(tree, ledger);
  let turn: Promise<unknown> = Promise.resolve();
  let lastSize = -1n;

  async function signNow(): Promise<string> {
    const head = await make(isoNow(clock));
    lastSize = BigInt(head.treeSize);
    const signed = await published(parts, head);
    await witnessed(parts, head, signed);
    return signed;
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    sign: () => inTurn(signNow),
    signWhereGrown: () => inTurn(async () => ((await ledger.size()) > lastSize + 1n ? signNow() : undefined)),
    anchor: async (record) => anchorOf(tree, ledger, record, await inTurn(signNow)),
  };
}

/** Each head has a stream of its own, named by its size: signed twice at once, it is written once. */
async function published({ ledger, keyring, key }: HeadParts, head: TreeHead): Promise<string> {
  const stream = `head-${head.treeSize}`;
  const signed = signHead(head, key.privateKey);
  const clear = { treeSize: Number(head.treeSize), root: head.root, signed };
  const writing = { ...systemWho('heads'), at: head.at };
  const records = await encode(keyring, stream, [{ type: 'HeadSigned', clear }], writing);
  try {
    await appendKnown(ledger, stream, 'none', records);
    return signed;
  } catch (error) {
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
  const [earlier] = await ledger.readStream(stream, { limit: 1 });
  return clearOf(earlier!)['signed'] as string;
}

/** A witness that was away is shown the next head, with the proof from the last that it knows. */
async function witnessed({ witness, tree, key }: HeadParts, head: TreeHead, signed: string): Promise<void> {
  if (witness === undefined) return;
  const before = await witness.last();
  const from = before === undefined ? 0n : BigInt(verifyHead(before, key.publicKey).treeSize);
  await witness.witness(signed, from === 0n ? [] : tree.consistencyProof(from, BigInt(head.treeSize)));
}

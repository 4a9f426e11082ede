import { Refused } from '#libs/domain/refused.ts';
import type { BundleOf } from '#libs/evidence/bundle-fields.ts';
import { bundleWriter, type BundleWriter } from '#libs/evidence/bundle-writer.ts';
import type { LeafLog, Leaf, StoredRecord } from '#libs/ledger/port.ts';
import { readPages } from '#libs/ledger/read-whole.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { recordLook } from '../look/record.ts';
import { firstHeadOver, lastHead, type NumberedHead } from './heads.ts';
import type { Evidence } from './sign-head.ts';

export interface ExportBundle {
  readonly caller: PrincipalCaller;
  readonly of: BundleOf;
  /** Needed where it is one person's stream: that is a look. */
  readonly reason?: string | undefined;
}

const PAGE = 200;

/**
 * Events as they are stored, with all that it takes to verify them elsewhere (bundle.ts): each one's proof, the key, and the heads:
 * the first that spoke for the first event, the first for the last, and the newest, with the proofs between them. Read while it is
 * sent, and kept nowhere.
 */
export async function exportBundle(
  deps: Deps & { readonly evidence: Evidence },
  { caller, of, reason }: ExportBundle,
): Promise<AsyncGenerator<string>> {
  const { evidence } = deps;
  if ('stream' in of && of.stream.startsWith('oneId-')) {
    if (reason === undefined) throw new Refused('reason-missing', 'Who looks at an account says why.', 'invalid');
    const oneId = of.stream.slice('oneId-'.length);
    await recordLook(deps, { caller, oneId, reason, askedFor: 'export' });
  }
  await evidence.sign();
  const newest = (await lastHead(deps))!;
  const span = 'stream' in of ? await spanOfStream(deps, of.stream, newest) : await spanOf(evidence.log, of, newest);
  if (span === undefined) throw new Refused('events-unknown', 'There are no such events.', 'missing');
  const writer = bundleWriter(deps.keys.evidence.privateKey);
  return lines(deps, writer, of, span, newest);
}

/** Indexes of the first and the last leaf. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

async function spanOf(
  log: Evidence['log'],
  { from, to }: { from: string; to: string },
  { head }: NumberedHead,
): Promise<Span | undefined> {
  const size = BigInt(head.treeSize);
  const first = await leafAt(log, BigInt(from), 0n, size);
  const last = (await leafAt(log, BigInt(to) + 1n, first, size)) - 1n;
  return first > last ? undefined : { first, last };
}

async function spanOfStream(
  { ledger, evidence }: Pick<Deps, 'ledger'> & { readonly evidence: Evidence },
  stream: string,
  { head }: NumberedHead,
): Promise<Span | undefined> {
  const [first] = await ledger.readStream(stream, { limit: 1 });
  const upTo = BigInt(head.position);
  const [last] = await ledger.readStream(stream, { limit: 1, backwards: true, upTo });
  if (first === undefined || last === undefined) return undefined;
  const size = BigInt(head.treeSize);
  const at = await leafAt(evidence.log, first.position, 0n, size);
  return { first: at, last: await leafAt(evidence.log, last.position, at, size) };
}

async function* lines(
  deps: Deps & { readonly evidence: Evidence },
  writer: BundleWriter,
  of: BundleOf,
  span: Span,
  newest: NumberedHead,
): AsyncGenerator<string> {
  yield writer.first(of, isoNow(deps.clock));
  yield* headLines(deps, writer, span, newest);
  const size = BigInt(newest.head.treeSize);
  const upTo = BigInt(newest.head.position);
  if ('stream' in of) yield* streamLines(deps, writer, of.stream, upTo, span, size);
  else yield* spanLines(deps, writer, span, size);
  yield writer.last();
}

async function* headLines(
  deps: Deps & { readonly evidence: Evidence },
  writer: BundleWriter,
  { first, last }: Span,
  newest: NumberedHead,
): AsyncGenerator<string> {
  const chosen = [
    await firstHeadOver(deps, first + 1n, newest),
    await firstHeadOver(deps, last + 1n, newest),
    newest,
  ].filter(({ number }, at, all) => all.findIndex((one) => one.number === number) === at);
  let before: NumberedHead | undefined;
  for (const head of chosen) {
    const sizes = [BigInt(before?.head.treeSize ?? 0), BigInt(head.head.treeSize)] as const;
    yield writer.head(head.signed, before === undefined ? [] : await deps.evidence.consistency(...sizes));
    before = head;
  }
}

async function* streamLines(
  { ledger, evidence }: Pick<Deps, 'ledger'> & { readonly evidence: Evidence },
  writer: BundleWriter,
  stream: string,
  upTo: bigint,
  span: Span,
  size: bigint,
): AsyncGenerator<string> {
  let from = span.first;
  for await (const page of readPages(ledger, stream, { upTo, limit: PAGE })) {
    const indexes: bigint[] = [];
    for (const { position } of page) {
      const index = await leafAt(evidence.log, position, from, size);
      indexes.push(index);
      from = index + 1n;
    }
    const proofs = await evidence.inclusions(indexes, size);
    for (const [at, record] of page.entries()) yield writer.event(record, indexes[at]!, proofs[at]!);
  }
}

/** Every leaf of the span, with its record or without. */
async function* spanLines(
  { ledger, evidence }: Pick<Deps, 'ledger'> & { readonly evidence: Evidence },
  writer: BundleWriter,
  { first, last }: Span,
  size: bigint,
): AsyncGenerator<string> {
  for (let from = first; from <= last;) {
    const leaves = (await evidence.log.leaves(from, PAGE)).filter(({ index }) => index <= last);
    const records = await recordsOf(ledger, leaves);
    const indexes = leaves.map(({ index }) => index);
    const proofs = await evidence.inclusions(indexes, size);
    for (const [at, { index, position, hash }] of leaves.entries()) {
      const record = records.get(position);
      yield record === undefined ? writer.pruned(hash, index, proofs[at]!) : writer.event(record, index, proofs[at]!);
    }
    from = indexes.at(-1)! + 1n;
  }
}

async function recordsOf(ledger: Deps['ledger'], leaves: readonly Leaf[]): Promise<Map<bigint, StoredRecord>> {
  const records = new Map<bigint, StoredRecord>();
  const end = leaves.at(-1)!.position;
  for (let after = leaves[0]!.position - 1n; after < end;) {
    const page = await ledger.readAll({ after, limit: PAGE });
    for (const record of page.records) records.set(record.position, record);
    if (page.next === after) break;
    after = page.next;
  }
  return records;
}

/** The index of the first leaf at or after a position, between two indexes; the second where there is none. */
async function leafAt(log: Pick<LeafLog, 'leaves'>, position: bigint, low: bigint, high: bigint): Promise<bigint> {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) / 2n;
    const [leaf] = await log.leaves(middle, 1);
    if (leaf === undefined || leaf.position >= position) to = middle;
    else from = middle + 1n;
  }
  return from;
}

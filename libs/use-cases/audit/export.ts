import { Refused } from '#libs/domain/refused.ts';
import { open, type OpenedEvent } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readPages } from '#libs/ledger/read-whole.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { recordLook } from '../look/record.ts';
import { useApproval } from './export-approval.ts';

export interface ExportAccount {
  readonly caller: PrincipalCaller;
  readonly oneId: string;
  /** For a sealed export; an approved one has the reason that was approved. */
  readonly reason?: string | undefined;
  readonly approval?: string | undefined;
}

const PAGE = 200;

/**
 * An account's stream as JSON lines, read while it is sent and kept nowhere: a first line that says what it is, then each
 * record as it is stored, with its leaf hash (libs/ledger/leaf.ts says over what). With an approval also what the keys open,
 * and the records of the account's payments, visits and checks. Palm signatures stay sealed in any case.
 */
export async function exportAccount(deps: Deps, input: ExportAccount): Promise<AsyncGenerator<string>> {
  const { caller, oneId, approval } = input;
  const opened = approval !== undefined;
  const asOf = await deps.ledger.head();
  const reason = opened ? (await useApproval(deps, { caller, oneId, approval })).reason : input.reason;
  if (reason === undefined) throw new Refused('reason-missing', 'Who looks at an account says why.', 'invalid');
  await recordLook(deps, { caller, oneId, reason, askedFor: opened ? 'opened-export' : 'export' });
  const first = { format: 'palmledger account export 1', oneId, asOf: asOf.toString(), opened };
  return opened ? openedLines(deps, `oneId-${oneId}`, asOf, first) : sealedLines(deps, `oneId-${oneId}`, asOf, first);
}

async function* sealedLines(deps: Deps, stream: string, upTo: bigint, first: object): AsyncGenerator<string> {
  yield line(first);
  for await (const page of readPages(deps.ledger, stream, { upTo, limit: PAGE }))
    for (const record of page) yield line(stored(record));
}

/** The account first; what its own list names follows right after the record that names it. */
async function* openedLines(deps: Deps, stream: string, upTo: bigint, first: object): AsyncGenerator<string> {
  yield line(first);
  for await (const page of readPages(deps.ledger, stream, { upTo, limit: PAGE })) {
    const events = await open(deps.keyring, page);
    for (const [at, record] of page.entries()) {
      yield line({ ...stored(record), ...openedPart(events[at]!) });
      for (const name of namedIn(events[at]!)) yield* openedStream(deps, name, upTo);
    }
  }
}

async function* openedStream(deps: Deps, stream: string, upTo: bigint): AsyncGenerator<string> {
  for await (const page of readPages(deps.ledger, stream, { upTo, limit: PAGE })) {
    const events = await open(deps.keyring, page);
    for (const [at, record] of page.entries()) yield line({ ...stored(record), ...openedPart(events[at]!) });
  }
}

function namedIn({ type, sealed }: OpenedEvent): readonly string[] {
  if (type !== 'TransactionOpened' || sealed === undefined || sealed === 'gone') return [];
  return (sealed['streams'] as readonly string[]).filter((name) => /^(payment|visit|check)-/.test(name));
}

/** Bytes in base64. `clear` is the text that the leaf hash is over. */
function stored({ leaf, sealed, revision, position, ...record }: StoredRecord): object {
  return {
    ...record,
    revision: revision.toString(),
    position: position.toString(),
    sealed: Buffer.from(sealed).toString('base64'),
    leaf: Buffer.from(leaf).toString('base64'),
  };
}

/** A network token pays: it is nobody's to read, not even here. */
function openedPart({ sealed, about }: OpenedEvent): object {
  if (sealed === undefined || sealed === 'gone') return { opened: sealed ?? null, about: about ?? null };
  const { token: _token, ...shown } = sealed;
  return { opened: shown, about: about ?? null };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

import type { TransactionKind } from '#libs/domain/one-id/events.ts';
import { clearOf, open } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import { readPages } from '#libs/ledger/read-whole.ts';
import type { Deps } from '../deps.ts';

/** One use of a palm, as the One ID's own sealed list tells it. */
export interface Use {
  /** Of its TransactionOpened; rises with time. */
  readonly revision: bigint;
  readonly number: number;
  readonly kind: TransactionKind;
  readonly at: string;
  readonly streams: readonly string[];
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
}

/** ISO 8601; from inclusive, to exclusive. */
export interface Span {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const PAGE = 200;
/** A clock that was set back never hides anything that much older. */
const SLACK_MS = 24 * 3_600_000;

/**
 * The uses of these kinds, newest first, page by page: only the clear time is looked at before a page is opened. `before` is
 * a revision, exclusive.
 */
export async function* usesOf(
  deps: Pick<Deps, 'ledger' | 'keyring'>,
  stream: string,
  kinds: readonly TransactionKind[],
  { from, to }: Span,
  before?: bigint,
): AsyncGenerator<readonly Use[]> {
  if (before !== undefined && before <= 0n) return;
  const start = before === undefined ? {} : { from: before - 1n };
  for await (const page of readPages(deps.ledger, stream, { ...start, backwards: true, limit: PAGE })) {
    const wanted = page.filter(
      (record) =>
        record.type === 'TransactionOpened' &&
        kinds.includes(clearOf(record)['kind'] as TransactionKind) &&
        (from === undefined || record.recordedAt >= from) &&
        (to === undefined || record.recordedAt < to),
    );
    const uses = await opened(deps, wanted);
    if (uses.length > 0) yield uses;
    const last = page.at(-1);
    if (from !== undefined && last !== undefined && isLongBefore(last.recordedAt, from)) return;
  }
}

async function opened(deps: Pick<Deps, 'keyring'>, records: readonly StoredRecord[]): Promise<readonly Use[]> {
  const events = await open(deps.keyring, records);
  return events.flatMap(({ revision, at, clear, sealed }): Use[] => {
    if (sealed === undefined || sealed === 'gone') return [];
    const { streams, merchant, site, device } = sealed as unknown as Pick<
      Use,
      'streams' | 'merchant' | 'site' | 'device'
    >;
    const { number, kind } = clear as unknown as Pick<Use, 'number' | 'kind'>;
    return [{ revision, number, kind, at, streams, merchant, site, device }];
  });
}

function isLongBefore(at: string, from: string): boolean {
  return Date.parse(at) < Date.parse(from) - SLACK_MS;
}

/** The id of the stream of this kind that a use has, without the kind. */
export function idIn(use: Use, kind: 'payment' | 'visit' | 'check'): string | undefined {
  return use.streams.find((name) => name.startsWith(`${kind}-`))?.slice(kind.length + 1);
}

import { foldedOf } from '#libs/event-codec/codec.ts';
import { fieldsOf } from '#libs/event-codec/tables/all.ts';
import type { Ledger, StoredRecord } from '#libs/ledger/port.ts';
import type { StreamFold } from './fold.ts';

type Reader = Pick<Ledger, 'readStream'>;
const PAGE = 1000;
const LOOK_BACK = 20;

export interface Before {
  readonly state: unknown;
  /** Of the last record that this is the state of; -1n where there was none. */
  readonly revision: bigint;
}

/** The state that a stream had before this record; `removed` where the stream was removed between the reading of the two. */
export async function stateBefore(
  ledger: Reader,
  fold: StreamFold<unknown>,
  record: StoredRecord,
): Promise<Before | 'removed'> {
  let state = fold.initialState;
  let next = 0n;
  let revision = -1n;
  while (next < record.revision) {
    const limit = Math.min(PAGE, Number(record.revision - next));
    const page = await ledger.readStream(record.stream, { from: next, limit });
    const last = page.at(-1);
    if (last === undefined || page[0]?.revision !== next) return 'removed';
    for (const one of page) {
      if (one.revision >= record.revision || !fold.types.includes(one.type)) continue;
      state = evolved(fold, state, one);
      revision = one.revision;
    }
    next = last.revision + 1n;
  }
  return { state, revision };
}

/** What cannot be read has been made a message of its own when it came; the fold goes on without it. */
function evolved(fold: StreamFold<unknown>, state: unknown, record: StoredRecord): unknown {
  try {
    fieldsOf(record.stream, record.type, record.version);
    return fold.evolve(state, foldedOf(record));
  } catch {
    return state;
  }
}

/** Whether a frequent event changes nothing, found by looking back a little instead of folding a whole history. */
export async function isSettled(ledger: Reader, fold: StreamFold<unknown>, record: StoredRecord): Promise<boolean> {
  const { frequent } = fold;
  if (!frequent?.types.includes(record.type) || record.revision === 0n) return false;
  const page = await ledger.readStream(record.stream, {
    from: record.revision - 1n,
    backwards: true,
    limit: LOOK_BACK,
  });
  const nearest = page.find(({ type }) => type === frequent.after || frequent.settledBy.includes(type));
  return nearest !== undefined && nearest.type !== frequent.after;
}

import type { TransactionClosed, TransactionOpened } from './events.ts';
import type { EndedTransaction, Holding, Transactions } from './state.ts';

/** So many ended transactions are remembered, with their tickets: years of use, or a burst, leave no more than these. */
export const ENDED_REMEMBERED = 64;

/** A clock that was set back makes nobody look unused for longer: the latest moment counts. Warnings are void. */
export function seenAtDevice<S extends Holding>(state: S, at: string): S {
  return { ...state, lastDeviceAt: at > state.lastDeviceAt ? at : state.lastDeviceAt, warnings: [] };
}

export function transactionOpened<S extends Holding>(state: S, opened: TransactionOpened['clear'], at: string): S {
  const { number, kind, settleBy, ticketHash } = opened;
  const { next, open } = state.transactions;
  const transactions = {
    ...state.transactions,
    next: Math.max(next, number + 1),
    open: [...open, { number, kind, settleBy, ticketHash, openedAt: at }],
  };
  return seenAtDevice({ ...state, transactions }, at);
}

export function transactionClosed<S extends Holding>(state: S, closed: TransactionClosed['clear'], at: string): S {
  const { next, open } = state.transactions;
  const was = open.find((one) => one.number === closed.number);
  if (!was) return state;
  const { number, kind, ticketHash, openedAt } = was;
  const end = { number, kind, ticketHash, openedAt, outcome: closed.outcome, closedAt: at };
  return {
    ...state,
    transactions: { next, open: open.filter((one) => one !== was), ...remembering(state.transactions, end) },
    removed: state.removed.map((item) => ({ ...item, waitsFor: item.waitsFor.filter((one) => one !== number) })),
  };
}

/** The longest ended is forgotten first; up to when it was opened, no ticket can be told from a forgotten one any more. */
function remembering(
  { ended, forgottenUpTo }: Transactions,
  end: EndedTransaction,
): Pick<Transactions, 'ended' | 'forgottenUpTo'> {
  if (ended.length < ENDED_REMEMBERED) return { ended: [...ended, end], forgottenUpTo };
  // What lies ahead of now was written by a clock that has been set back since.
  const moments = [forgottenUpTo, ended[0]?.openedAt ?? ''].filter((moment) => moment <= end.closedAt);
  return { ended: [...ended.slice(1), end], forgottenUpTo: moments.sort().at(-1) ?? '' };
}

import type { TransactionClosed, TransactionOpened } from './events.ts';
import type { Holding } from './state.ts';

/** A ticket lives two minutes; its hash is remembered for ten, and so is how a transaction ended. In milliseconds. */
export const TICKET_MEMORY = 10 * 60 * 1000;

/** A clock that was set back makes nobody look unused for longer: the latest moment counts. Warnings are void. */
export function seenAtDevice<S extends Holding>(state: S, at: string): S {
  return { ...state, lastDeviceAt: at > state.lastDeviceAt ? at : state.lastDeviceAt, warnings: [] };
}

export function transactionOpened<S extends Holding>(state: S, opened: TransactionOpened['clear'], at: string): S {
  const { number, kind, settleBy, ticketHash } = opened;
  const { next, open, ended } = state.transactions;
  const transactions = {
    next: Math.max(next, number + 1),
    open: [...open, { number, kind, settleBy, ticketHash, openedAt: at }],
    ended: stillRemembered(ended, at),
  };
  return seenAtDevice({ ...state, transactions }, at);
}

export function transactionClosed<S extends Holding>(state: S, closed: TransactionClosed['clear'], at: string): S {
  const { next, open, ended } = state.transactions;
  const was = open.find((one) => one.number === closed.number);
  if (!was) return state;
  const { number, kind, ticketHash } = was;
  const end = { number, kind, ticketHash, outcome: closed.outcome, closedAt: at };
  return {
    ...state,
    transactions: {
      next,
      open: open.filter((one) => one !== was),
      ended: [...stillRemembered(ended, at), end],
    },
    removed: state.removed.map((item) => ({ ...item, waitsFor: item.waitsFor.filter((one) => one !== number) })),
  };
}

/** They stand in the order of their ends, so what is forgotten is at the front. */
function stillRemembered<T extends { readonly closedAt: string }>(ended: readonly T[], at: string): readonly T[] {
  const oldest = Date.parse(at) - TICKET_MEMORY;
  const first = ended.findIndex((one) => Date.parse(one.closedAt) > oldest);
  if (first === 0) return ended;
  return first < 0 ? [] : ended.slice(first);
}

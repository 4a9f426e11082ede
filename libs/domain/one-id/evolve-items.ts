import type { TransactionKind } from './events.ts';
import type { HeldPalm, Holding, ItemKind, Living, OneIdState, RemovedItem } from './state.ts';

/** So many destroyed references are remembered, for repetitions that come late. */
const GONE_REMEMBERED = 64;

/** Which open transactions may still open an item that was removed meanwhile: a payment under way charges the card that it began with. */
const NEEDED_BY: Readonly<Record<ItemKind, readonly TransactionKind[]>> = {
  palm: [],
  phone: [],
  link: [],
  card: ['payment', 'visit'],
  credential: ['payment', 'visit', 'check'],
};

export function palmChanged<S extends Holding>(
  state: S,
  palm: string,
  change: (palm: HeldPalm) => Partial<HeldPalm>,
): S {
  return { ...state, palms: state.palms.map((one) => (one.palm === palm ? { ...one, ...change(one) } : one)) };
}

/** Taken from what is held, put among what waits for the end of its key. */
export function remove<S extends Holding>(state: S, kind: ItemKind, ref: string): S {
  const needs = state.transactions.open.filter((open) => NEEDED_BY[kind].includes(open.kind));
  const item: RemovedItem = { ref, kind, waitsFor: needs.map((open) => open.number), begun: false };
  return {
    ...state,
    palms: state.palms.filter((one) => one.palm !== ref),
    cards: state.cards.filter((one) => one !== ref),
    defaultCard: state.defaultCard === ref ? null : state.defaultCard,
    phones: state.phones.filter((one) => one.phone !== ref),
    link: state.link === ref ? null : state.link,
    credentials: state.credentials.filter((one) => one.credential !== ref),
    removed: [...state.removed, item],
  };
}

export function keyDestructionBegun(state: Living, scope: string): OneIdState {
  if (scope === 'all')
    return {
      status: 'destroying',
      reason: state.status === 'leaving' ? state.reason : 'admin',
      keyDestroyed: false,
    };
  return { ...state, removed: state.removed.map((item) => (item.ref === scope ? { ...item, begun: true } : item)) };
}

export function keyDestroyed(state: Living, scope: string): Living {
  return {
    ...state,
    removed: state.removed.filter((item) => item.ref !== scope),
    gone: [...state.gone, scope].slice(-GONE_REMEMBERED),
  };
}

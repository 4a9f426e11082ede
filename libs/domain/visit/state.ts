import type { TransactionOutcome } from '../one-id/events.ts';

export interface CartItem {
  readonly article: string;
  readonly unitPrice: number;
  readonly quantity: number;
}
/** One movement at the shelf, kept to know it again. `quantity` is negative where it was put back. */
export interface CartLine {
  readonly line: string;
  readonly article: string;
  readonly unitPrice: number;
  readonly quantity: number;
}
export interface VisitPlace {
  readonly merchant: string;
  readonly site: string;
  readonly gate: string;
  readonly currency: string;
  readonly startedAt: string;
}
/** `total` in minor units of the visit's currency. A visit that ended with total 0 is over: nothing is charged. */
export type VisitState =
  | { readonly phase: 'none' }
  | { readonly phase: 'started'; readonly place: VisitPlace; readonly lines: readonly CartLine[] }
  | {
      readonly phase: 'ended' | 'charged';
      readonly place: VisitPlace;
      readonly lines: readonly CartLine[];
      readonly total: number;
      readonly ticketHash: string;
    }
  | {
      readonly phase: 'abandoned';
      readonly place?: VisitPlace;
      readonly lines: readonly CartLine[];
      readonly reason: string;
      /** Where it had ended before: who ended it and asks again is told what came of it. */
      readonly ticketHash?: string;
    };

export const noVisit: VisitState = { phase: 'none' };

/** What is in the cart: by article and the price it was taken at, in the order in which they came. */
export function cartOf(state: VisitState): readonly CartItem[] {
  if (state.phase === 'none') return [];
  const items = new Map<string, CartItem>();
  for (const { article, unitPrice, quantity } of state.lines) {
    const key = `${unitPrice} ${article}`;
    items.set(key, { article, unitPrice, quantity: (items.get(key)?.quantity ?? 0) + quantity });
  }
  return [...items.values()].filter(({ quantity }) => quantity > 0);
}

/** Minor units. */
export function totalOf(state: VisitState): number {
  if (state.phase === 'none') return 0;
  return state.lines.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0);
}

/** What whoever finds the visit half-way has to do with it. */
export type VisitStep = { readonly do: 'await-end' } | { readonly do: 'charge'; readonly total: number };

export function nextStep(state: VisitState): VisitStep | undefined {
  if (state.phase === 'started') return { do: 'await-end' };
  if (state.phase === 'ended' && state.total > 0) return { do: 'charge', total: state.total };
  return undefined;
}

/** How the One ID's transaction ends because of this visit; undefined while it is open. */
export function outcomeOf(state: VisitState): TransactionOutcome | undefined {
  if (state.phase === 'abandoned') return 'abandoned';
  if (state.phase === 'charged') return 'completed';
  if (state.phase === 'ended' && state.total === 0) return 'completed';
  return undefined;
}

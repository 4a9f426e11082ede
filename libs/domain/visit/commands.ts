import type { VisitOwner } from './events.ts';

/** Prices are minor units of the visit's currency. */
export type VisitCommand = StartVisit | TakeItem | PutBackItem | EndVisit | RecordVisitCharged | AbandonVisit;

export interface StartVisit {
  readonly type: 'StartVisit';
  readonly at: string;
  readonly merchant: string;
  readonly site: string;
  readonly gate: string;
  readonly currency: string;
  readonly owner: VisitOwner;
}
/** `line`: the shop's own reference of this movement; the same one again changes nothing. */
export interface TakeItem {
  readonly type: 'TakeItem';
  readonly at: string;
  readonly line: string;
  readonly article: string;
  readonly quantity: number;
  readonly unitPrice: number;
}
/** `unitPrice`: what the article was taken at. */
export interface PutBackItem {
  readonly type: 'PutBackItem';
  readonly at: string;
  readonly line: string;
  readonly article: string;
  readonly quantity: number;
  readonly unitPrice: number;
}
/** The total is what the cart says. */
export interface EndVisit {
  readonly type: 'EndVisit';
  readonly at: string;
  readonly ticketHash: string;
}
export interface RecordVisitCharged {
  readonly type: 'RecordVisitCharged';
  readonly at: string;
}
/** Also of a visit that never started (a late StartVisit is then refused), and of one whose payment came to nothing. */
export interface AbandonVisit {
  readonly type: 'AbandonVisit';
  readonly at: string;
  readonly reason: string;
}

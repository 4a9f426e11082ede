import type { DomainEvent } from '../event.ts';

export interface VisitOwner {
  readonly oneId: string;
  readonly transaction: number;
  readonly pseudonym: string;
  /** The payment that will charge this visit, reserved at the gate. */
  readonly payment: string;
}
export type VisitStarted = DomainEvent<
  'VisitStarted',
  { merchant: string; site: string; gate: string; currency: string },
  VisitOwner
>;
export type ItemTaken = DomainEvent<
  'ItemTaken',
  { line: string; article: string; quantity: number; unitPrice: number }
>;
export type ItemPutBack = DomainEvent<
  'ItemPutBack',
  { line: string; article: string; quantity: number; unitPrice: number }
>;
export type VisitEnded = DomainEvent<'VisitEnded', { total: number; ticketHash: string }>;
export type VisitCharged = DomainEvent<'VisitCharged', { total: number }>;
export type VisitAbandoned = DomainEvent<'VisitAbandoned', { reason: string }>;

export type VisitEvent = VisitStarted | ItemTaken | ItemPutBack | VisitEnded | VisitCharged | VisitAbandoned;

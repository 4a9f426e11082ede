import type { DomainEvent } from '../event.ts';

export interface PaymentOwner {
  readonly oneId: string;
  readonly transaction: number;
  readonly card: string;
  readonly pseudonym: string;
}
/** Version 2 added `kind` (a visit is charged at its end); version 1 knew sales only. */
export type PaymentRequested = DomainEvent<
  'PaymentRequested',
  { merchant: string; site: string; device: string; amount: number; currency: string; kind: 'sale' | 'visit' },
  PaymentOwner
>;
export type PaymentAuthorised = DomainEvent<'PaymentAuthorised', { network: string; reason: string }>;
export type PaymentDeclined = DomainEvent<'PaymentDeclined', { network: string; reason: string }>;
export type CaptureRequested = DomainEvent<'CaptureRequested', { amount: number }>;
export type PaymentCaptured = DomainEvent<'PaymentCaptured', { amount: number }>;
export type CaptureRefused = DomainEvent<'CaptureRefused', { amount: number; reason: string }>;
export type VoidRequested = DomainEvent<'VoidRequested', { reason: string }>;
export type PaymentVoided = DomainEvent<'PaymentVoided', { reason: string }>;
export type PaymentAbandoned = DomainEvent<'PaymentAbandoned', { reason: string }>;
export type RefundRequested = DomainEvent<'RefundRequested', { refund: string; amount: number; reason: string }>;
export type PaymentRefunded = DomainEvent<'PaymentRefunded', { refund: string; amount: number; reason: string }>;
export type RefundRefused = DomainEvent<'RefundRefused', { refund: string; amount: number; reason: string }>;
export type PaymentDisputed = DomainEvent<
  'PaymentDisputed',
  { dispute: string; amount: number },
  { said: string; who: string }
>;
export type DisputeDecided = DomainEvent<
  'DisputeDecided',
  { dispute: string; outcome: 'for-member' | 'for-merchant'; amount: number },
  { said: string; who: string }
>;
export type ChargedBack = DomainEvent<'ChargedBack', { dispute: string; amount: number; reason: string }>;

export type PaymentEvent =
  | PaymentRequested
  | PaymentAuthorised
  | PaymentDeclined
  | CaptureRequested
  | PaymentCaptured
  | CaptureRefused
  | VoidRequested
  | PaymentVoided
  | PaymentAbandoned
  | RefundRequested
  | PaymentRefunded
  | RefundRefused
  | PaymentDisputed
  | DisputeDecided
  | ChargedBack;

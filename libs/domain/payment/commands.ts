import type { PaymentOwner } from './events.ts';

/** Amounts are minor units of the payment's currency; references are random ids that the caller made. */
export type PaymentCommand =
  | RequestPayment
  | RecordAuthorised
  | RecordDeclined
  | RequestCapture
  | RecordCaptured
  | RecordCaptureRefused
  | RequestVoid
  | RecordVoided
  | AbandonPayment
  | RequestRefund
  | RecordRefunded
  | RecordRefundRefused
  | DisputePayment
  | DecideDispute
  | RecordChargedBack;

export interface RequestPayment {
  readonly type: 'RequestPayment';
  readonly at: string;
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly amount: number;
  readonly currency: string;
  readonly kind: 'sale' | 'visit';
  readonly owner: PaymentOwner;
}
/** `network`: the card network's own reference of the authorisation; `reason`: its code. */
export interface RecordAuthorised {
  readonly type: 'RecordAuthorised';
  readonly at: string;
  readonly network: string;
  readonly reason: string;
}
export interface RecordDeclined {
  readonly type: 'RecordDeclined';
  readonly at: string;
  readonly network: string;
  readonly reason: string;
}
/** Without an amount, all that was authorised. */
export interface RequestCapture {
  readonly type: 'RequestCapture';
  readonly at: string;
  readonly amount?: number;
}
export interface RecordCaptured {
  readonly type: 'RecordCaptured';
  readonly at: string;
}
export interface RecordCaptureRefused {
  readonly type: 'RecordCaptureRefused';
  readonly at: string;
  readonly reason: string;
}
export interface RequestVoid {
  readonly type: 'RequestVoid';
  readonly at: string;
  readonly reason: string;
}
export interface RecordVoided {
  readonly type: 'RecordVoided';
  readonly at: string;
}
/** Only where nothing was requested yet: it closes the stream before its first event, so that a late RequestPayment is refused. */
export interface AbandonPayment {
  readonly type: 'AbandonPayment';
  readonly at: string;
  readonly reason: string;
}
export interface RequestRefund {
  readonly type: 'RequestRefund';
  readonly at: string;
  readonly refund: string;
  readonly amount: number;
  readonly reason: string;
}
export interface RecordRefunded {
  readonly type: 'RecordRefunded';
  readonly at: string;
  readonly refund: string;
}
export interface RecordRefundRefused {
  readonly type: 'RecordRefundRefused';
  readonly at: string;
  readonly refund: string;
  readonly reason: string;
}
export interface DisputePayment {
  readonly type: 'DisputePayment';
  readonly at: string;
  readonly dispute: string;
  readonly amount: number;
  readonly said: string;
  readonly who: string;
}
/**
 * A decision for the member appends its refund's intent (RefundRequested under `refund`) in the same breath, so that no crash loses it.
 * `amount` is what the member gets back: none for the merchant, and none where everything has gone back already.
 */
export interface DecideDispute {
  readonly type: 'DecideDispute';
  readonly at: string;
  readonly dispute: string;
  readonly outcome: 'for-member' | 'for-merchant';
  readonly amount: number;
  readonly refund: string;
  readonly said: string;
  readonly who: string;
}
/** The card network's own doing; `dispute` is its reference. */
export interface RecordChargedBack {
  readonly type: 'RecordChargedBack';
  readonly at: string;
  readonly dispute: string;
  readonly amount: number;
  readonly reason: string;
}

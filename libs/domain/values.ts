/** Amounts are integers of minor units (cents); a currency is an ISO 4217 code. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export type Hand = 'left' | 'right';
export type CredentialKind = 'badge' | 'loyalty' | 'subscription' | 'age';
export type ActorKind = 'member' | 'device' | 'merchant' | 'auditor' | 'admin' | 'service' | 'system';
export type Role = 'merchant' | 'auditor' | 'admin' | 'service';
export type CardBrand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay' | 'maestro';

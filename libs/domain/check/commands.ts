import type { CredentialKind } from '../values.ts';

export type CheckCommand = RecordCheck;

export interface CheckOwner {
  readonly oneId: string;
  readonly transaction: number;
  readonly pseudonym: string;
}
export interface RecordCheck {
  readonly type: 'RecordCheck';
  readonly at: string;
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly kind: CredentialKind;
  readonly answer: 'yes' | 'no';
  readonly owner: CheckOwner;
}

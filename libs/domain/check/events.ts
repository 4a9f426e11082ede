import type { DomainEvent } from '../event.ts';
import type { CredentialKind } from '../values.ts';

export type CredentialChecked = DomainEvent<
  'CredentialChecked',
  { merchant: string; site: string; device: string; kind: CredentialKind; answer: 'yes' | 'no' },
  { oneId: string; transaction: number; pseudonym: string }
>;
export type CheckEvent = CredentialChecked;

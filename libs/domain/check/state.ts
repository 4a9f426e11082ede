import type { CredentialKind } from '../values.ts';

export type CheckState =
  | { readonly phase: 'none' }
  | {
      readonly phase: 'checked';
      readonly merchant: string;
      readonly site: string;
      readonly device: string;
      readonly kind: CredentialKind;
      readonly answer: 'yes' | 'no';
      readonly at: string;
    };

export const noCheck: CheckState = { phase: 'none' };

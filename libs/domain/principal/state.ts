import type { Role } from '../values.ts';

export interface Grant {
  readonly role: Role;
  readonly merchant?: string;
  readonly subscriber?: string;
}
export interface PresentPrincipal {
  readonly phase: 'present';
  readonly grants: readonly Grant[];
  /** SHA-256 of the credential's secret; none before the first is bound. */
  readonly secretHash?: string;
  /** Tokens issued before this moment are void: a credential was replaced or a role taken away. */
  readonly notBefore: string;
}
export type PrincipalState =
  { readonly phase: 'none' } | PresentPrincipal | { readonly phase: 'removed'; readonly removedAt: string };

export const noPrincipal: PrincipalState = { phase: 'none' };

export function sameGrant(a: Grant, b: Grant): boolean {
  return a.role === b.role && a.merchant === b.merchant && a.subscriber === b.subscriber;
}

export function hasRole(state: PrincipalState, role: Role): boolean {
  return state.phase === 'present' && state.grants.some((one) => one.role === role);
}

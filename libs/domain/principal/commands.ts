import type { Role } from '../values.ts';

export type PrincipalCommand = InvitePrincipal | BindCredential | GrantRole | RevokeRole | RemovePrincipal;

/** `name` and `contact` are sealed. */
export interface InvitePrincipal {
  readonly type: 'InvitePrincipal';
  readonly at: string;
  readonly name: string;
  readonly contact: string;
}
/** `secretHash`: SHA-256 of the secret that was shown once; it replaces the one before. */
export interface BindCredential {
  readonly type: 'BindCredential';
  readonly at: string;
  readonly secretHash: string;
}
/** Role merchant names its merchant, role service its subscriber; auditor and admin name neither. */
export interface GrantRole {
  readonly type: 'GrantRole';
  readonly at: string;
  readonly role: Role;
  readonly merchant?: string;
  readonly subscriber?: string;
}
export interface RevokeRole {
  readonly type: 'RevokeRole';
  readonly at: string;
  readonly role: Role;
  readonly merchant?: string;
  readonly subscriber?: string;
}
export interface RemovePrincipal {
  readonly type: 'RemovePrincipal';
  readonly at: string;
}

import type { Grant } from '#libs/domain/principal/state.ts';

/** A sign-in of a member. `by`: what was believed; a code reads and adds, the palm does more. */
export interface MemberSession {
  readonly kind: 'member';
  readonly oneId: string;
  readonly session: string;
  readonly by: 'code' | 'palm';
  readonly signedInAt: string;
}
export interface PrincipalSession {
  readonly kind: 'principal';
  readonly principal: string;
  readonly grants: readonly Grant[];
}
export type Session = MemberSession | PrincipalSession;
export interface Bearer {
  readonly session: Session;
  readonly tokenId: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
}

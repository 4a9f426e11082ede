import type { DomainEvent } from '../event.ts';
import type { Role } from '../values.ts';

export type PrincipalInvited = DomainEvent<'PrincipalInvited', {}, { name: string; contact: string }>;
/** `secretHash`: SHA-256 of a random secret of 256 bits, base64url; the secret itself is shown once. A new one replaces the old. */
export type CredentialBound = DomainEvent<'CredentialBound', { secretHash: string }>;
export type RoleGranted = DomainEvent<'RoleGranted', { role: Role; merchant?: string; subscriber?: string }>;
export type RoleRevoked = DomainEvent<'RoleRevoked', { role: Role; merchant?: string; subscriber?: string }>;
export type PrincipalRemoved = DomainEvent<'PrincipalRemoved', {}>;

export type PrincipalEvent = PrincipalInvited | CredentialBound | RoleGranted | RoleRevoked | PrincipalRemoved;

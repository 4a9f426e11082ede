import type { Grant } from '#libs/domain/principal/state.ts';
import type { Role } from '#libs/domain/values.ts';
import type { MemberSession } from './sessions.ts';

const roles: readonly string[] = ['merchant', 'auditor', 'admin', 'service'] satisfies Role[];

/** What a token says of roles; undefined where it is not what we write. */
export function grantsIn(claim: unknown): readonly Grant[] | undefined {
  return Array.isArray(claim) && claim.every(isGrant) ? claim : undefined;
}

function isGrant(value: unknown): value is Grant {
  if (typeof value !== 'object' || value === null) return false;
  const { role, merchant, subscriber } = value as Record<string, unknown>;
  return typeof role === 'string' && roles.includes(role) && isOptionalText(merchant) && isOptionalText(subscriber);
}

/** What is sealed in a member's token; undefined where it is not what we write. */
export function sessionIn(text: string): MemberSession | undefined {
  const { kind, oneId, session, by, signedInAt } = JSON.parse(text) as Record<string, unknown>;
  if (kind !== 'member' || !isText(oneId) || !isText(session) || !isText(signedInAt)) return undefined;
  return by === 'code' || by === 'palm' ? { kind, oneId, session, by, signedInAt } : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}

import { randomUUID } from 'node:crypto';
import { clearOf } from '#libs/event-codec/codec.ts';
import type { Credential } from '#libs/command-line/credential.ts';
import { callerId, type PrincipalCaller } from '#libs/use-cases/callers.ts';
import type { Deps } from '#libs/use-cases/deps.ts';
import { makeFirstAdmin } from '#libs/use-cases/principal/first-admin.ts';
import { invitePrincipal, newCredential } from '#libs/use-cases/principal/invite.ts';

/** In whose name a seeding does what only an admin may. `made`: there was none before. */
export interface SeedAdmin {
  readonly caller: PrincipalCaller;
  readonly made: boolean;
}

export async function seedAdmin(deps: Deps): Promise<SeedAdmin> {
  const first = await makeFirstAdmin(deps);
  if (first !== undefined) return { caller: { kind: 'admin', principal: first.principal }, made: true };
  return { caller: { kind: 'admin', principal: await anAdmin(deps) }, made: false };
}

async function anAdmin({ ledger }: Pick<Deps, 'ledger'>): Promise<string> {
  for (let after = 0n; ;) {
    const { records, next } = await ledger.readAll({ after, limit: 50, types: ['RoleGranted'] });
    const admin = records.find((record) => clearOf(record)['role'] === 'admin');
    if (admin !== undefined) return admin.stream.slice('principal-'.length);
    if (next === after) throw new Error('roles without an admin');
    after = next;
  }
}

export interface HandedOut {
  /** Absent where the folder had an admin of its own: that one's credential is left as it is. */
  readonly admin?: Credential;
  readonly merchant: Credential;
  readonly auditor: Credential;
}

/** Credentials to try with; shown once, so made at the end. */
export async function handOut(deps: Deps, admin: string, own: boolean, merchant: string): Promise<HandedOut> {
  const caller = { kind: 'admin', principal: admin } as const;
  const asked = () => {
    const about = randomUUID();
    return { caller, request: { caller: callerId(caller), idempotencyKey: about, digest: about } };
  };
  const contact = 'console';
  const merchantMade = await invitePrincipal(deps, {
    ...asked(),
    name: 'A merchant',
    contact,
    role: 'merchant',
    merchant,
  });
  const auditorMade = await invitePrincipal(deps, { ...asked(), name: 'An auditor', contact, role: 'auditor' });
  const adminMade = own ? await newCredential(deps, { ...asked(), principal: admin }) : undefined;
  const only = ({ principal, secret }: Credential): Credential => ({ principal, secret });
  return {
    ...(adminMade === undefined ? {} : { admin: only(adminMade) }),
    merchant: only(merchantMade),
    auditor: only(auditorMade),
  };
}

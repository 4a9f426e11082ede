import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#libs/runtime/ids.ts';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import { registerMerchant } from '../party/merchant.ts';
import { signInPrincipal } from '../sign-in/principal.ts';
import { makeFirstAdmin } from './first-admin.ts';
import { invitePrincipal, newCredential } from './invite.ts';
import { readPrincipal } from './list.ts';
import { grantRole, removePrincipal, revokeRole } from './roles.ts';

let town: Town;
let admin: { kind: 'admin'; principal: string };
beforeAll(async () => {
  town = await openTown();
  admin = { kind: 'admin', principal: (await makeFirstAdmin(town.deps))!.principal };
});
afterAll(() => town.close());

const refused = (code: string) => expect.objectContaining({ code });
const signIn = (principal: string, secret: string) =>
  signInPrincipal(town.deps, { principal, secret, from: '127.0.0.1' });
const somebody = { name: 'Mara', contact: 'mara@example.com', role: 'auditor' } as const;
const invite = (request = asked(admin)) => invitePrincipal(town.deps, { caller: admin, request, ...somebody });

describe('Inviting', () => {
  it('shows a credential once; a repetition makes a new one for the same principal, and the old one is void', async () => {
    const request = asked(admin);
    const first = await invite(request);
    expect(await signIn(first.principal, first.secret)).toMatchObject({ grants: [{ role: 'auditor' }] });
    const again = await invite(request);
    expect(again.principal).toBe(first.principal);
    expect(again.secret).not.toBe(first.secret);
    await expect(signIn(first.principal, first.secret)).rejects.toEqual(refused('sign-in-refused'));
    await signIn(again.principal, again.secret);
    const shown = { name: 'Mara', contact: 'mara@example.com', roles: [{ role: 'auditor' }], removed: false };
    expect(await readPrincipal(town.deps, { principal: first.principal })).toMatchObject(shown);
  });

  it('for a merchant or a subscriber that there is not is refused', async () => {
    const of = { caller: admin, name: 'X', contact: 'x' };
    const merchant = { ...of, request: asked(admin), role: 'merchant', merchant: newId() } as const;
    await expect(invitePrincipal(town.deps, merchant)).rejects.toEqual(refused('merchant-not-found'));
    const service = { ...of, request: asked(admin), role: 'service', subscriber: newId() } as const;
    await expect(invitePrincipal(town.deps, service)).rejects.toEqual(refused('subscriber-not-found'));
  });
});

describe('Roles', () => {
  it('come and go; a repeated grant does not bring back what was revoked since', async () => {
    const { principal } = await invite();
    const company = { name: 'Shop', country: 'CH', currency: 'CHF' };
    const { merchant } = await registerMerchant(town.deps, { caller: admin, request: asked(admin), ...company });
    const role = { caller: admin, principal, role: 'merchant', merchant } as const;
    const request = asked(admin);
    await grantRole(town.deps, { ...role, request });
    await revokeRole(town.deps, { ...role, request: asked(admin) });
    await grantRole(town.deps, { ...role, request });
    expect((await readPrincipal(town.deps, { principal })).roles).toEqual([{ role: 'auditor' }]);
  });

  it('given two admins who take the role from each other at once, leave one of them', async () => {
    const { principal } = await invite();
    await grantRole(town.deps, { caller: admin, request: asked(admin), principal, role: 'admin' });
    const other = { kind: 'admin', principal } as const;
    const both = await Promise.allSettled([
      revokeRole(town.deps, { caller: admin, request: asked(admin), principal, role: 'admin' }),
      removePrincipal(town.deps, { caller: other, request: asked(other), principal: admin.principal }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'last-admin' } });
  });
});

describe('A new credential', () => {
  it('voids the old one; who was removed gets none', async () => {
    const { principal, secret } = await invite();
    const fresh = await newCredential(town.deps, { caller: admin, request: asked(admin), principal });
    await expect(signIn(principal, secret)).rejects.toEqual(refused('sign-in-refused'));
    await signIn(principal, fresh.secret);
    await removePrincipal(town.deps, { caller: admin, request: asked(admin), principal });
    await expect(signIn(principal, fresh.secret)).rejects.toEqual(refused('sign-in-refused'));
    const late = newCredential(town.deps, { caller: admin, request: asked(admin), principal });
    await expect(late).rejects.toEqual(refused('principal-removed'));
  });
});

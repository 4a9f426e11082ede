import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, given } from '#libs/testing/given.ts';
import { live } from '#libs/testing/life.ts';
import type { GrantRole, PrincipalCommand } from './commands.ts';
import { principalDecider } from './decider.ts';
import type { PrincipalEvent } from './events.ts';
import { hasRole } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const hash = (letter: string) => letter.repeat(43);
const invite: PrincipalCommand = { type: 'InvitePrincipal', at: now, name: 'Ada', contact: 'ada@example.org' };
const bind = (letter: string): PrincipalCommand => ({ type: 'BindCredential', at: now, secretHash: hash(letter) });
const grantAdmin: GrantRole = { type: 'GrantRole', at: now, role: 'admin' };
const grantMerchant: GrantRole = { type: 'GrantRole', at: now, role: 'merchant', merchant: 'm1' };
const revokeAdmin: PrincipalCommand = { type: 'RevokeRole', at: now, role: 'admin' };
const remove: PrincipalCommand = { type: 'RemovePrincipal', at: now };

const invited: PrincipalEvent = { type: 'PrincipalInvited', clear: {} };
const bound = (letter: string): PrincipalEvent => ({ type: 'CredentialBound', clear: { secretHash: hash(letter) } });
const admin: PrincipalEvent = { type: 'RoleGranted', clear: { role: 'admin' } };
const noAdmin: PrincipalEvent = { type: 'RoleRevoked', clear: { role: 'admin' } };
const removed: PrincipalEvent = { type: 'PrincipalRemoved', clear: {} };
const principal = (...past: PrincipalEvent[]) => given(principalDecider, ...past);

describe('Inviting a principal', () => {
  it('seals name and contact', () => {
    principal()
      .when(invite)
      .then({ ...invited, sealed: { name: 'Ada', contact: 'ada@example.org' } });
  });
  it('happens once, and never again after the removal', () => {
    principal(invited).when(invite).thenNothing();
    principal(invited, removed).when(invite).thenRefused('principal-removed');
  });
  it('needs a name and a contact', () => {
    principal().when({ type: 'InvitePrincipal', at: now, name: '', contact: 'x' }).thenRefused('invalid-name');
    principal().when({ type: 'InvitePrincipal', at: now, name: 'x', contact: '' }).thenRefused('invalid-contact');
  });
});

describe('A credential', () => {
  it('is bound, and replaced by the next', () => {
    principal(invited).when(bind('a')).then(bound('a'));
    principal(invited, bound('a')).when(bind('b')).then(bound('b'));
    principal(invited, bound('a')).when(bind('a')).thenNothing();
    expect(principal(invited, bound('a'), bound('b')).state).toMatchObject({ secretHash: hash('b') });
  });
  it('voids the tokens issued before it', () => {
    const { state } = given(principalDecider, invited, at<PrincipalEvent>(now, bound('a')));
    expect(state).toMatchObject({ notBefore: now });
  });
  it('is the hash of a secret, of one who is there', () => {
    principal(invited)
      .when({ type: 'BindCredential', at: now, secretHash: 'secret' })
      .thenRefused('invalid-credential');
    principal().when(bind('a')).thenRefused('principal-not-found');
    principal(invited, removed).when(bind('a')).thenRefused('principal-removed');
  });
});

describe('A role', () => {
  it('is granted and revoked', () => {
    principal(invited).when(grantAdmin).then(admin);
    principal(invited, admin).when(revokeAdmin).then(noAdmin);
    expect(hasRole(principal(invited, admin).state, 'admin')).toBe(true);
    expect(hasRole(principal(invited, admin, noAdmin).state, 'admin')).toBe(false);
    expect(hasRole(principal(invited, admin, removed).state, 'admin')).toBe(false);
  });
  it('decides nothing when repeated', () => {
    principal(invited, admin).when(grantAdmin).thenNothing();
    principal(invited).when(revokeAdmin).thenNothing();
  });
  it('belongs to one merchant or subscriber', () => {
    const forOne: PrincipalEvent = { type: 'RoleGranted', clear: { role: 'merchant', merchant: 'm1' } };
    principal(invited).when(grantMerchant).then(forOne);
    principal(invited, forOne)
      .when({ ...grantMerchant, merchant: 'm2' })
      .then({ type: 'RoleGranted', clear: { role: 'merchant', merchant: 'm2' } });
    principal(invited, forOne).when({ type: 'RevokeRole', at: now, role: 'merchant', merchant: 'm2' }).thenNothing();
  });
  it.each([
    { role: 'merchant' },
    { role: 'merchant', merchant: '' },
    { role: 'merchant', merchant: 'm1', subscriber: 's1' },
    { role: 'service' },
    { role: 'service', merchant: 'm1' },
    { role: 'admin', merchant: 'm1' },
    { role: 'auditor', subscriber: 's1' },
  ] as const)('is refused where its scope does not fit: %p', (scope) => {
    principal(invited)
      .when({ type: 'GrantRole', at: now, ...scope })
      .thenRefused('invalid-role');
  });
  it('has its limit', () => {
    const many = Array.from({ length: 100 }, (_, n): PrincipalEvent => {
      return { type: 'RoleGranted', clear: { role: 'merchant', merchant: `m${n}` } };
    });
    principal(invited, ...many)
      .when(grantAdmin)
      .thenRefused('too-many-roles');
  });
  it('voids the tokens issued before it was revoked', () => {
    const { state } = given(principalDecider, invited, admin, at<PrincipalEvent>(now, noAdmin));
    expect(state).toMatchObject({ notBefore: now });
  });
  it('is for those who are there', () => {
    principal().when(grantAdmin).thenRefused('principal-not-found');
    principal(invited, removed).when(revokeAdmin).thenRefused('principal-removed');
  });
});

describe('Removing a principal', () => {
  it('is final', () => {
    principal(invited).when(remove).then(removed);
    principal(invited, removed).when(remove).thenNothing();
    principal().when(remove).thenRefused('principal-not-found');
  });
});

describe('In any life of a principal', () => {
  it('a repeated command decides nothing', () => {
    const anything = fc.constantFrom<PrincipalCommand>(
      invite,
      bind('a'),
      bind('b'),
      grantAdmin,
      grantMerchant,
      revokeAdmin,
      remove,
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (commands) => {
        const { state } = live(principalDecider, commands);
        expect(JSON.stringify(state)).not.toContain('ada@example.org');
      }),
    );
  });
});

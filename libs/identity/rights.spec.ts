import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '#libs/testing/given.ts';
import { actions, may, requireRight, rightOf } from './rights.ts';
import type { Action, Actor, ActorRole } from './rights.ts';

const actors: Record<ActorRole, Actor> = {
  device: { kind: 'device', device: 'd1', merchant: 'm1' },
  member: { kind: 'member', oneId: 'o1' },
  merchant: { kind: 'merchant', principal: 'p1', merchant: 'm1' },
  auditor: { kind: 'auditor', principal: 'p2' },
  admin: { kind: 'admin', principal: 'p3' },
  service: { kind: 'service', principal: 'p4', subscriber: 's1' },
};
const roles = Object.keys(actors) as ActorRole[];
const owned = { oneId: 'o1', merchant: 'm1', device: 'd1', subscriber: 's1' };
const anothers = { oneId: 'o2', merchant: 'm2', device: 'd2', subscriber: 's2' };

/** Written out a second time, by role: an action that moves from one role to another must be moved here as well. */
const expected: Record<ActorRole, { own: readonly Action[]; any: readonly Action[] }> = {
  device: {
    own: [
      'palms.enrol',
      'palms.identify',
      'payments.take',
      'visits.open',
      'checks.make',
      'device-keys.rotate',
      'payments.read',
      'payments.void',
      'payments.refund',
      'visits.read',
      'visits.fill',
    ],
    any: [],
  },
  member: {
    own: [
      'self.read',
      'self.history',
      'self.changes',
      'self.looks',
      'self.receipts',
      'self.messages',
      'self.add',
      'self.change',
      'self.link',
      'self.pause',
      'self.dispute',
      'self.download',
      'self.leave',
    ],
    any: [],
  },
  merchant: {
    own: [
      'devices.read',
      'devices.register',
      'devices.revoke',
      'sites.read',
      'payments.read',
      'payments.void',
      'payments.refund',
      'visits.read',
      'visits.fill',
      'checks.read',
      'totals.read',
      'credentials.grant',
      'credentials.revoke',
      'subscribers.read',
      'merchants.read',
    ],
    any: [],
  },
  auditor: {
    own: [],
    any: [
      'payments.read',
      'visits.read',
      'checks.read',
      'totals.read',
      'accounts.replay',
      'accounts.export',
      'looks.read',
      'purchases.audit',
      'evidence.read',
      'evidence.export',
      'erasures.read',
      'status.read',
    ],
  },
  admin: {
    own: [],
    any: [
      'devices.read',
      'devices.register',
      'devices.revoke',
      'sites.read',
      'subscribers.read',
      'evidence.read',
      'one-ids.search',
      'one-ids.suspend',
      'palms.settle',
      'disputes.decide',
      'holds.place',
      'erasures.read',
      'erasures.request',
      'erasures.approve',
      'exports.approve',
      'merchants.read',
      'merchants.manage',
      'devices.activate-anew',
      'principals.manage',
      'subscribers.manage',
      'parked.read',
      'parked.settle',
      'views.rebuild',
      'keyring.manage',
      'backups.make',
      'heads.sign',
      'sweep.confirm',
      'status.read',
      'clock.move',
    ],
  },
  service: { own: ['subscribers.read', 'topics.follow', 'erasures.acknowledge', 'pseudonyms.read'], any: [] },
};

describe.each(roles)('A caller who is a %s', (role) => {
  const actor = actors[role];

  it.each([...actions])('may, or may not, do %s', (action) => {
    const own = expected[role].own.includes(action);
    const any = expected[role].any.includes(action);
    expect(rightOf(role, action)).toBe(any ? 'any' : own ? 'own' : undefined);
    expect(may(actor, action, owned)).toBe(own || any);
    expect(may(actor, action, anothers)).toBe(any);
    expect(may(actor, action)).toBe(any);
    const refusedOwn = own || any ? 'not refused' : 'not-allowed';
    expect(refusalOf(() => requireRight(actor, action, owned))).toBe(refusedOwn);
    const refusedOthers = any ? 'not refused' : own ? 'not-found' : 'not-allowed';
    expect(refusalOf(() => requireRight(actor, action, anothers))).toBe(refusedOthers);
  });
});

describe('Owning', () => {
  it('needs an owner on both sides', () => {
    expect(may({ kind: 'merchant', principal: 'p' }, 'payments.read', {})).toBe(false);
    expect(may({ kind: 'merchant', principal: 'p', merchant: '' }, 'payments.read', { merchant: '' })).toBe(false);
    expect(may({ kind: 'service', principal: 'p' }, 'topics.follow', {})).toBe(false);
  });
  it("is not a member's because a merchant's is", () => {
    expect(may(actors.member, 'self.read', { merchant: 'm1' })).toBe(false);
    expect(may(actors.merchant, 'payments.read', { oneId: 'o1', device: 'd1' })).toBe(false);
  });
  it("is a merchant's for each of its devices", () => {
    expect(may(actors.device, 'payments.refund', { merchant: 'm1', device: 'd2' })).toBe(true);
    expect(may(actors.device, 'payments.refund', { merchant: 'm2', device: 'd2' })).toBe(false);
  });
});

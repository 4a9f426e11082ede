import { never, Refused } from '#libs/domain/refused.ts';

/** Who asks. A principal acts in one of its roles at a time. */
export type Actor = Device | Member | MerchantActor | Auditor | Admin | Service;
export interface Device {
  readonly kind: 'device';
  readonly device: string;
  readonly merchant: string;
}
export interface Member {
  readonly kind: 'member';
  readonly oneId: string;
}
export interface MerchantActor {
  readonly kind: 'merchant';
  readonly principal: string;
  readonly merchant?: string;
}
export interface Auditor {
  readonly kind: 'auditor';
  readonly principal: string;
}
export interface Admin {
  readonly kind: 'admin';
  readonly principal: string;
}
export interface Service {
  readonly kind: 'service';
  readonly principal: string;
  readonly subscriber?: string;
}
export type ActorRole = Actor['kind'];

/** Whose the thing is that somebody wants to see or change, as far as it is known. */
export interface Resource {
  readonly oneId?: string;
  readonly merchant?: string;
  readonly device?: string;
  readonly subscriber?: string;
}

/** `own`: only what belongs to who asks; `any`: everybody's. Who is not named may not. */
type Right = 'own' | 'any';
type Row = Partial<Record<ActorRole, Right>>;

const member = { member: 'own' } as const;
const device = { device: 'own' } as const;
const admin = { admin: 'any' } as const;
const auditor = { auditor: 'any' } as const;
const service = { service: 'own' } as const;
const merchantsOwn = { merchant: 'own', admin: 'any' } as const;

/** The one table of who may do what. Beyond it a contract limits a merchant's purposes, and four eyes an admin's erasures. */
export const rights = {
  // A member's own things, from the platform.
  'self.read': member,
  'self.history': member,
  'self.changes': member,
  'self.looks': member,
  'self.receipts': member,
  'self.messages': member,
  'self.add': member,
  'self.change': member,
  'self.link': member,
  'self.pause': member,
  'self.dispute': member,
  'self.download': member,
  'self.leave': member,

  // What a device does for whoever stands before it.
  'palms.enrol': device,
  'palms.identify': device,
  'payments.take': device,
  'visits.open': device,
  'checks.make': device,
  'device-keys.rotate': device,

  // A merchant's or other third party's own things.
  'devices.read': merchantsOwn,
  'devices.register': merchantsOwn,
  'devices.revoke': merchantsOwn,
  'sites.read': merchantsOwn,
  'payments.read': { device: 'own', merchant: 'own', auditor: 'any' },
  'payments.void': { device: 'own', merchant: 'own' },
  'payments.refund': { device: 'own', merchant: 'own' },
  'visits.read': { device: 'own', merchant: 'own', auditor: 'any' },
  'visits.fill': { device: 'own', merchant: 'own' },
  'checks.read': { merchant: 'own', auditor: 'any' },
  'totals.read': { merchant: 'own', auditor: 'any' },
  'credentials.grant': { merchant: 'own' },
  'credentials.revoke': { merchant: 'own' },
  'subscribers.read': { merchant: 'own', service: 'own', admin: 'any' },

  // Auditors look, and every look at a person is recorded.
  'accounts.replay': auditor,
  'accounts.export': auditor,
  'looks.read': auditor,
  'purchases.audit': auditor,
  'evidence.read': { auditor: 'any', admin: 'any' },
  'evidence.export': auditor,

  // Admins.
  'one-ids.search': admin,
  'one-ids.suspend': admin,
  'palms.settle': admin,
  'disputes.decide': admin,
  'holds.place': admin,
  'erasures.read': { auditor: 'any', admin: 'any' },
  'erasures.request': admin,
  'erasures.approve': admin,
  'exports.approve': admin,
  'merchants.read': merchantsOwn,
  'merchants.manage': admin,
  'devices.activate-anew': admin,
  'principals.manage': admin,
  'subscribers.manage': admin,
  'parked.read': admin,
  'parked.settle': admin,
  'views.rebuild': admin,
  'keyring.manage': admin,
  'backups.make': admin,
  'heads.sign': admin,
  'sweep.confirm': admin,
  'status.read': { auditor: 'any', admin: 'any' },
  /** In a folder made for demo, test or seed alone: whoever serves it sees to that. */
  'clock.move': admin,

  // Services that follow topics.
  'topics.follow': service,
  'erasures.acknowledge': service,
  'pseudonyms.read': service,
} as const satisfies Record<string, Row>;

export type Action = keyof typeof rights;
export const actions = Object.keys(rights) as readonly Action[];

export function rightOf(role: ActorRole, action: Action): Right | undefined {
  const row: Row = rights[action];
  return row[role];
}

/** Without a resource only who may do it to anything may do it. */
export function may(actor: Actor, action: Action, resource: Resource = {}): boolean {
  const right = rightOf(actor.kind, action);
  if (right === undefined) return false;
  return right === 'any' || isOwn(actor, resource);
}

/** Throws `not-allowed` (403) where the role never may, and `not-found` (404) where the thing is another's: it tells nobody that it is there. */
export function requireRight(actor: Actor, action: Action, resource: Resource = {}): void {
  if (may(actor, action, resource)) return;
  if (rightOf(actor.kind, action) === undefined)
    throw new Refused('not-allowed', 'This role may not do that.', 'forbidden');
  throw new Refused('not-found', 'There is no such thing.', 'missing');
}

/** A thing that is nobody's, or whose owner is not known, is nobody's own. */
function isOwn(actor: Actor, resource: Resource): boolean {
  switch (actor.kind) {
    case 'member':
      return same(actor.oneId, resource.oneId);
    case 'merchant':
      return same(actor.merchant, resource.merchant);
    case 'device':
      // A till refunds what another till of the same merchant took.
      return same(actor.merchant, resource.merchant) || same(actor.device, resource.device);
    case 'service':
      return same(actor.subscriber, resource.subscriber);
    case 'auditor':
    case 'admin':
      return false;
    default:
      return never(actor);
  }
}

function same(mine: string | undefined, its: string | undefined): boolean {
  return mine !== undefined && mine !== '' && mine === its;
}

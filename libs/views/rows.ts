import type { DeviceKind } from '#libs/domain/device/events.ts';
import type { ErasureReason } from '#libs/domain/one-id/events.ts';
import type { CredentialKind, Role } from '#libs/domain/values.ts';

/**
 * Who it was, as ciphertext: opened by who may, under the key of the payment's, visit's or check's own stream, bound to
 * that stream, `eventId` and the section `data`. Rows are kept by payment, visit and check; nothing ties two of a person.
 */
export interface SealedMember {
  readonly eventId: string;
  readonly ciphertext: Uint8Array;
}

export type PurchaseStatus =
  | 'requested'
  | 'authorised'
  | 'declined'
  | 'captured'
  | 'voided'
  | 'abandoned'
  | 'refunded'
  | 'disputed'
  | 'charged-back';

/** Amounts are integers of minor units. `sequence`: the ledger position that the row is as of. */
export interface PurchaseRow {
  readonly payment: string;
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly currency: string;
  readonly status: PurchaseStatus;
  readonly amount: number;
  readonly captured: number;
  readonly refunded: number;
  /** Under dispute now. */
  readonly disputed: number;
  readonly chargedBack: number;
  readonly requestedAt: string;
  readonly changedAt: string;
  readonly sequence: bigint;
  /** Missing once purged. */
  readonly member?: SealedMember;
}

export type VisitStatus = 'started' | 'ended' | 'charged' | 'abandoned';

export interface VisitRow {
  readonly visit: string;
  readonly merchant: string;
  readonly site: string;
  readonly gate: string;
  readonly currency: string;
  readonly status: VisitStatus;
  /** Of the cart while it fills, of the bill once ended. */
  readonly total: number;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly sequence: bigint;
  readonly member?: SealedMember;
}

/** Something taken (positive quantity) or put back (negative). The cart is their sum by article and unit price. */
export interface VisitItem {
  readonly visit: string;
  readonly sequence: bigint;
  readonly line: string;
  readonly article: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly at: string;
}

export interface CartLine {
  readonly article: string;
  readonly unitPrice: number;
  readonly quantity: number;
}

export interface CheckRow {
  readonly check: string;
  readonly merchant: string;
  readonly site: string;
  readonly device: string;
  readonly kind: CredentialKind;
  readonly answer: 'yes' | 'no';
  readonly at: string;
  readonly sequence: bigint;
  readonly member?: SealedMember;
}

export interface DeviceRow {
  readonly device: string;
  readonly merchant: string;
  readonly site: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly nearInfrared: boolean;
  readonly status: 'registered' | 'active' | 'suspected' | 'revoked';
  readonly changedAt: string;
  readonly sequence: bigint;
}

export interface Contract {
  readonly contract: string;
  readonly purposes: readonly string[];
  readonly from: string;
  readonly ended: boolean;
}

export interface MerchantRow {
  readonly merchant: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly contracts: readonly Contract[];
  readonly changedAt: string;
  readonly sequence: bigint;
}

export interface SiteRow {
  readonly merchant: string;
  readonly site: string;
  readonly name: string;
  readonly place: string;
  readonly timeZone: string;
  readonly open: boolean;
}

export interface GrantedRole {
  readonly role: Role;
  readonly merchant?: string;
  readonly subscriber?: string;
}

export interface PrincipalRow {
  readonly principal: string;
  readonly roles: readonly GrantedRole[];
  readonly removed: boolean;
  readonly changedAt: string;
  readonly sequence: bigint;
}

export interface SubscriberRow {
  readonly subscriber: string;
  readonly name: string;
  readonly merchant?: string;
  readonly topics: readonly string[];
  readonly acknowledgesErasures: boolean;
  readonly retired: boolean;
  readonly changedAt: string;
  readonly sequence: bigint;
}

/** Names no One ID. `over`: certified or withdrawn. */
export interface ErasureRow {
  readonly erasure: string;
  readonly reason: ErasureReason;
  readonly status: 'started' | 'approved' | 'withdrawn' | 'held' | 'released' | 'acknowledgement-wanted' | 'certified';
  readonly over: boolean;
  readonly needsApproval: boolean;
  readonly startedAt: string;
  readonly dueBy: string;
  readonly withdrawableUntil: string;
  /** Once acknowledgement is wanted: the subscribers that owe it, and the last day. */
  readonly subscribers: readonly string[];
  readonly acknowledgeBy?: string;
  readonly changedAt: string;
  readonly sequence: bigint;
}

/** By day of the request (UTC) and currency. */
export interface DayTotal {
  readonly day: string;
  readonly currency: string;
  readonly payments: number;
  readonly captured: number;
  readonly refunded: number;
  readonly chargedBack: number;
}

/**
 * What a message does to the views. Rows are whole: a row replaces the one of its key unless that has the same or a later
 * sequence; so repeats change nothing. A row without `member` leaves the one that is there.
 */
export type Change =
  | { readonly put: 'purchase'; readonly row: PurchaseRow }
  | { readonly put: 'visit'; readonly row: VisitRow }
  | { readonly put: 'visit-item'; readonly row: VisitItem }
  | { readonly put: 'check'; readonly row: CheckRow }
  | { readonly put: 'device'; readonly row: DeviceRow }
  | { readonly put: 'merchant'; readonly row: MerchantRow; readonly sites: readonly SiteRow[] }
  | { readonly put: 'principal'; readonly row: PrincipalRow }
  | { readonly put: 'subscriber'; readonly row: SubscriberRow }
  | { readonly put: 'erasure'; readonly row: ErasureRow };

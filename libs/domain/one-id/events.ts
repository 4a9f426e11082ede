import type { DomainEvent } from '../event.ts';
import type { CredentialKind, Hand } from '../values.ts';

export type TransactionKind = 'enrolment' | 'payment' | 'visit' | 'check' | 'manage';
export type TransactionOutcome = 'completed' | 'declined' | 'voided' | 'abandoned' | 'refused';
/** The risky changes: they need the palm at a device, or 72 hours with notices. */
export type ChangeKind = 'remove-phone' | 'replace-phone' | 'download' | 'leave';
export type ErasureReason = 'member' | 'admin' | 'unused' | 'lapsed' | 'consent-withdrawn' | 'service-closed';

/** What a recognition rested on; kept sealed with the transaction, for disputes. */
export interface RecognitionEvidence {
  readonly score: number;
  readonly threshold: number;
  readonly rate: number;
  readonly quality: number;
  readonly model: string;
}

export type EnrolmentStarted = DomainEvent<
  'EnrolmentStarted',
  { enrolBy: string },
  { device: string; site: string; merchant: string }
>;
export type ConsentGiven = DomainEvent<'ConsentGiven', { version: string }, { language: string; device: string }>;
export type ConsentWithdrawn = DomainEvent<'ConsentWithdrawn', { version: string }, { language: string }>;

/** Bytes, not text, so that whoever opens them can overwrite them: f32 little-endian vector, then the code. Sealed in the recognition zone. */
export interface SealedSignature {
  readonly signature: Uint8Array;
}
export type PalmEnrolled = DomainEvent<
  'PalmEnrolled',
  { palm: string; hand: Hand; modelVersion: string },
  SealedSignature
>;
export type PalmSignatureUpdated = DomainEvent<
  'PalmSignatureUpdated',
  { palm: string; hand: Hand; modelVersion: string },
  SealedSignature
>;
export type PalmMatchable = DomainEvent<'PalmMatchable', { palm: string }>;
export type PalmDuplicateFound = DomainEvent<'PalmDuplicateFound', { palm: string }, { oneId: string }>;
export type PalmRemoved = DomainEvent<'PalmRemoved', { palm: string }>;

export type CardAdded = DomainEvent<
  'CardAdded',
  { card: string },
  { token: string; brand: string; lastFour: string; expiry: string }
>;
export type CardMadeDefault = DomainEvent<'CardMadeDefault', { card: string }>;
export type CardRemoved = DomainEvent<'CardRemoved', { card: string }>;

export type PhoneAdded = DomainEvent<'PhoneAdded', { phone: string }, { number: string }>;
export type PhoneVerified = DomainEvent<'PhoneVerified', { phone: string }>;
export type PhoneRemoved = DomainEvent<
  'PhoneRemoved',
  { phone: string; reason: 'member' | 'verified-elsewhere' | 'replaced' }
>;

export type AccountLinked = DomainEvent<'AccountLinked', { link: string }, { account: string }>;
export type AccountUnlinked = DomainEvent<'AccountUnlinked', { link: string }>;
export type CredentialGranted = DomainEvent<
  'CredentialGranted',
  { credential: string; kind: CredentialKind },
  { thirdParty: string; reference: string; facts: Readonly<Record<string, string>> }
>;
export type CredentialRevoked = DomainEvent<'CredentialRevoked', { credential: string; kind: CredentialKind }>;
export type EnrolmentCompleted = DomainEvent<'EnrolmentCompleted', {}, { durationMs: number; device: string }>;

export type TransactionOpened = DomainEvent<
  'TransactionOpened',
  { number: number; kind: TransactionKind; settleBy: string; ticketHash: string },
  {
    /** Every stream that this transaction may use; an erasure finds the keys to destroy here. */
    streams: readonly string[];
    merchant: string;
    site: string;
    device: string;
    evidence?: RecognitionEvidence;
  }
>;
export type TransactionClosed = DomainEvent<'TransactionClosed', { number: number; outcome: TransactionOutcome }>;

/**
 * `target` is the reference of the phone concerned, or empty where the whole One ID is. In the clear, since a change that was
 * announced for one phone must never take another away, and a fold opens nothing.
 */
export type ChangeAnnounced = DomainEvent<
  'ChangeAnnounced',
  { change: string; kind: ChangeKind; target: string; takesEffectAt: string },
  { details: Readonly<Record<string, string>> }
>;
export type ChangeWithdrawn = DomainEvent<'ChangeWithdrawn', { change: string }>;
/** Not in the first list of events: without it nobody could tell a change that waits from one that was made. */
export type ChangeTookEffect = DomainEvent<'ChangeTookEffect', { change: string; confirmedBy: 'palm' | 'time' }>;

export type Paused = DomainEvent<'Paused', { reason: string }>;
export type Unpaused = DomainEvent<'Unpaused', { reason: string }>;
export type Suspended = DomainEvent<'Suspended', { reason: string }>;
export type Resumed = DomainEvent<'Resumed', { reason: string }>;
export type ExpiryWarned = DomainEvent<'ExpiryWarned', { expiresOn: string }>;
export type OneIdExpired = DomainEvent<'OneIdExpired', { expiresOn: string }>;
export type ErasureRequested = DomainEvent<'ErasureRequested', { reason: ErasureReason }, { erasure: string }>;
export type ErasureWithdrawn = DomainEvent<'ErasureWithdrawn', { reason: string }>;
export type LegalHoldPlaced = DomainEvent<'LegalHoldPlaced', { hold: string }, { reason: string; authority: string }>;
export type LegalHoldReleased = DomainEvent<'LegalHoldReleased', { hold: string }>;
export type LookRecorded = DomainEvent<'LookRecorded', {}, { look: string }>;
/** `scope` is an item's reference, or `all`, which is final. */
export type KeyDestructionBegun = DomainEvent<'KeyDestructionBegun', { scope: string }>;
export type KeyDestroyed = DomainEvent<'KeyDestroyed', { scope: string; epoch: number }>;
export type OneIdErased = DomainEvent<'OneIdErased', {}>;

export type OneIdEvent =
  | EnrolmentStarted
  | ConsentGiven
  | ConsentWithdrawn
  | PalmEnrolled
  | PalmSignatureUpdated
  | PalmMatchable
  | PalmDuplicateFound
  | PalmRemoved
  | CardAdded
  | CardMadeDefault
  | CardRemoved
  | PhoneAdded
  | PhoneVerified
  | PhoneRemoved
  | AccountLinked
  | AccountUnlinked
  | CredentialGranted
  | CredentialRevoked
  | EnrolmentCompleted
  | TransactionOpened
  | TransactionClosed
  | ChangeAnnounced
  | ChangeWithdrawn
  | ChangeTookEffect
  | Paused
  | Unpaused
  | Suspended
  | Resumed
  | ExpiryWarned
  | OneIdExpired
  | ErasureRequested
  | ErasureWithdrawn
  | LegalHoldPlaced
  | LegalHoldReleased
  | LookRecorded
  | KeyDestructionBegun
  | KeyDestroyed
  | OneIdErased;

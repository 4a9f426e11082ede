import type { DomainEvent } from '../event.ts';
import type { ErasureReason } from '../one-id/events.ts';

/** A copy of the keyring that a destruction went through. */
export interface KeyringCopy {
  readonly name: string;
  readonly medium: string;
}
/**
 * `commitment`: SHA-256 over salt and One ID, base64url; the salt is in the receipt. `receiptHash`: SHA-256 of the receipt's secret.
 * `requestedBy` is a principal (an admin's), or empty where a member or the system asked.
 */
export type ErasureStarted = DomainEvent<
  'ErasureStarted',
  {
    reason: ErasureReason;
    requestedBy: string;
    dueBy: string;
    withdrawableUntil: string;
    receiptHash: string;
    commitment: string;
    needsApproval: boolean;
  },
  {
    oneId: string;
    salt: string;
    receipt: string;
    contacts: readonly { channel: string; to: string; language: string }[];
  }
>;
export type ErasureApproved = DomainEvent<'ErasureApproved', { principal: string }>;
export type ErasureRefused = DomainEvent<'ErasureRefused', { principal: string; reason: string }>;
export type ErasureOfWithdrawn = DomainEvent<'Withdrawn', { by: string }>;
export type ErasureHeld = DomainEvent<'Held', { hold: string; principal: string }>;
export type ErasureReleased = DomainEvent<'Released', { hold: string; principal: string }>;
export type TransactionsSettled = DomainEvent<'TransactionsSettled', {}>;
/** Point of no return: after it the keys go, whatever happens. */
export type DestructionBegun = DomainEvent<
  'DestructionBegun',
  {},
  {
    /** How each subscriber that has to acknowledge knows the member: afterwards nobody can derive it any more. */
    pseudonyms: Readonly<Record<string, string>>;
    /** How many keys will go: afterwards nobody can count them any more. */
    keys: number;
  }
>;
export type IndexCleared = DomainEvent<'IndexCleared', { epoch: number }>;
export type ViewsPurged = DomainEvent<'ViewsPurged', {}>;
export type LastMessageSent = DomainEvent<'LastMessageSent', { messages: number }>;
export type KeysDestroyed = DomainEvent<
  'KeysDestroyed',
  { epoch: number; keys: number; copies: readonly KeyringCopy[] }
>;
export type StreamPruned = DomainEvent<'StreamPruned', { records: number }>;
export type TombstonesPublished = DomainEvent<
  'TombstonesPublished',
  { subscribers: readonly string[]; acknowledgeBy: string }
>;
export type SubscriberAcknowledged = DomainEvent<'SubscriberAcknowledged', { subscriber: string }>;
export type SubscriberOverdue = DomainEvent<'SubscriberOverdue', { subscriber: string }>;
export type ErasureKeyDestroyed = DomainEvent<'ErasureKeyDestroyed', { epoch: number; copies: readonly KeyringCopy[] }>;
export type ErasureCertified = DomainEvent<'ErasureCertified', { certificate: string }>;

export type ErasureEvent =
  | ErasureStarted
  | ErasureApproved
  | ErasureRefused
  | ErasureOfWithdrawn
  | ErasureHeld
  | ErasureReleased
  | TransactionsSettled
  | DestructionBegun
  | IndexCleared
  | ViewsPurged
  | LastMessageSent
  | KeysDestroyed
  | StreamPruned
  | TombstonesPublished
  | SubscriberAcknowledged
  | SubscriberOverdue
  | ErasureKeyDestroyed
  | ErasureCertified;

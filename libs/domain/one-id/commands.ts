import type { Presealed } from '../event.ts';
import type { CredentialKind, Hand } from '../values.ts';
import type {
  AccountLinked,
  CardAdded,
  ChangeAnnounced,
  ChangeKind,
  ConsentGiven,
  ConsentWithdrawn,
  CredentialGranted,
  ErasureReason,
  ErasureRequested,
  LegalHoldPlaced,
  LookRecorded,
  OneIdEvent,
  PalmDuplicateFound,
  PhoneAdded,
  SealedSignature,
  EnrolmentCompleted,
  TransactionKind,
  TransactionOpened,
  TransactionOutcome,
} from './events.ts';

/** What will be sealed under an event: plain parts, or ciphertext made elsewhere. The domain carries it and never reads it. */
export type SealedOf<E extends OneIdEvent> = NonNullable<E['sealed']>;

/** `at` is when it is decided: ISO 8601, UTC, milliseconds. References and numbers are made by the caller. */
interface At {
  readonly at: string;
}

/** A signature as the recognition zone sealed it. `eventId` is the id that it was bound to. */
export interface SignedPalm {
  readonly palm: string;
  readonly hand: Hand;
  readonly modelVersion: string;
  readonly eventId?: string;
  readonly sealed: SealedSignature | Presealed;
}

/** Opens transaction 1, kind `enrolment`, which settles by `enrolBy` (24 hours at most); `streams` are its claim and the like. */
export interface StartEnrolment extends At {
  readonly type: 'StartEnrolment';
  readonly enrolBy: string;
  /** A hash that no other request has: a second start under another hash is refused. */
  readonly ticketHash: string;
  readonly streams: readonly string[];
  readonly sealed: { readonly device: string; readonly site: string; readonly merchant: string };
}
export interface GiveConsent extends At {
  readonly type: 'GiveConsent';
  readonly version: string;
  readonly sealed: SealedOf<ConsentGiven>;
}
/** Asks for the erasure as well. Once active it needs `transaction`: an open `manage` transaction (the palm at a device). */
export interface WithdrawConsent extends At {
  readonly type: 'WithdrawConsent';
  readonly sealed: SealedOf<ConsentWithdrawn>;
  readonly erasure: SealedOf<ErasureRequested>;
  readonly transaction?: number;
}
/** Closes the enrolment's transaction as completed. */
export interface CompleteEnrolment extends At {
  readonly type: 'CompleteEnrolment';
  readonly sealed: SealedOf<EnrolmentCompleted>;
}

export interface EnrolPalm extends At, SignedPalm {
  readonly type: 'EnrolPalm';
}
/** The same hand anew: the old palm goes, the new one comes, in one step. Needs another usable palm meanwhile. */
export interface ReplacePalm extends At, SignedPalm {
  readonly type: 'ReplacePalm';
  readonly replaces: string;
}
/** Somebody recognised is signed anew by a model version that this palm does not have yet. */
export interface UpdatePalmSignature extends At, SignedPalm {
  readonly type: 'UpdatePalmSignature';
}
export interface MarkPalmMatchable extends At {
  readonly type: 'MarkPalmMatchable';
  readonly palm: string;
}
export interface MarkPalmDuplicate extends At {
  readonly type: 'MarkPalmDuplicate';
  readonly palm: string;
  readonly sealed: SealedOf<PalmDuplicateFound>;
}
export interface RemovePalm extends At {
  readonly type: 'RemovePalm';
  readonly palm: string;
}

/** The first card becomes the default by itself. */
export interface AddCard extends At {
  readonly type: 'AddCard';
  readonly card: string;
  readonly sealed: SealedOf<CardAdded>;
}
export interface MakeCardDefault extends At {
  readonly type: 'MakeCardDefault';
  readonly card: string;
}
export interface RemoveCard extends At {
  readonly type: 'RemoveCard';
  readonly card: string;
}

export interface AddPhone extends At {
  readonly type: 'AddPhone';
  readonly phone: string;
  readonly sealed: SealedOf<PhoneAdded>;
}
/** The use case has seen the right code. */
export interface VerifyPhone extends At {
  readonly type: 'VerifyPhone';
  readonly phone: string;
}
/**
 * `member`: a phone that was never verified, or any while enrolling; a verified one goes by a change (`remove-phone`, `replace-phone`).
 * `verified-elsewhere`: the number was verified by another One ID, and goes even if it is the last.
 */
export interface RemovePhone extends At {
  readonly type: 'RemovePhone';
  readonly phone: string;
  readonly reason: 'member' | 'verified-elsewhere';
}

export interface LinkAccount extends At {
  readonly type: 'LinkAccount';
  readonly link: string;
  readonly sealed: SealedOf<AccountLinked>;
}
export interface UnlinkAccount extends At {
  readonly type: 'UnlinkAccount';
  readonly link: string;
}
export interface GrantCredential extends At {
  readonly type: 'GrantCredential';
  readonly credential: string;
  readonly kind: CredentialKind;
  readonly sealed: SealedOf<CredentialGranted>;
}
export interface RevokeCredential extends At {
  readonly type: 'RevokeCredential';
  readonly credential: string;
}

/**
 * `palm` is the one that was recognised: the stream refuses one that is removed or not usable, however old the index is.
 * `ticketExpiresAt` is two minutes after the recognition (TICKET_LIVES_MS).
 */
export interface OpenTransaction extends At {
  readonly type: 'OpenTransaction';
  readonly kind: Exclude<TransactionKind, 'enrolment'>;
  readonly palm: string;
  readonly settleBy: string;
  readonly ticketHash: string;
  readonly ticketExpiresAt: string;
  readonly sealed: SealedOf<TransactionOpened>;
}
export interface CloseTransaction extends At {
  readonly type: 'CloseTransaction';
  readonly number: number;
  readonly outcome: TransactionOutcome;
}

/** `target`: the phone's reference for `remove-phone` and `replace-phone`, else empty. `takesEffectAt`: 72 hours from now or later. */
export interface AnnounceChange extends At {
  readonly type: 'AnnounceChange';
  readonly change: string;
  readonly kind: ChangeKind;
  readonly target: string;
  readonly takesEffectAt: string;
  readonly sealed: SealedOf<ChangeAnnounced>;
}
export interface WithdrawChange extends At {
  readonly type: 'WithdrawChange';
  readonly change: string;
}
/** The time has come. Removes the phone, or (`leave`) asks for the erasure, for which `erasure` is needed. */
export interface LetChangeTakeEffect extends At {
  readonly type: 'LetChangeTakeEffect';
  readonly change: string;
  readonly erasure?: SealedOf<ErasureRequested>;
}
/**
 * The palm at a device makes it at once, announced before (under this reference) or not. `transaction` is the open `manage`
 * transaction that the palm opened. Same effects as LetChangeTakeEffect.
 */
export interface ConfirmChangeByPalm extends At {
  readonly type: 'ConfirmChangeByPalm';
  readonly change: string;
  readonly kind: ChangeKind;
  readonly target: string;
  readonly transaction: number;
  readonly sealed: SealedOf<ChangeAnnounced>;
  readonly erasure?: SealedOf<ErasureRequested>;
}

/** By the member. */
export interface Pause extends At {
  readonly type: 'Pause';
  readonly reason: string;
}
export interface Unpause extends At {
  readonly type: 'Unpause';
  readonly reason: string;
}
/** By an admin. */
export interface Suspend extends At {
  readonly type: 'Suspend';
  readonly reason: string;
}
export interface Resume extends At {
  readonly type: 'Resume';
  readonly reason: string;
}
/** Decides nothing where no warning is due (see `expiryStep`). */
export interface WarnOfExpiry extends At {
  readonly type: 'WarnOfExpiry';
}
/** Decides nothing where it is not due (see `expiryStep`). */
export interface Expire extends At {
  readonly type: 'Expire';
}

/** For every reason but the member's own wish, which is a `leave` change, and a withdrawn consent, which is WithdrawConsent. */
export interface RequestErasure extends At {
  readonly type: 'RequestErasure';
  readonly reason: Exclude<ErasureReason, 'member' | 'consent-withdrawn'>;
  readonly sealed: SealedOf<ErasureRequested>;
}
export interface WithdrawErasure extends At {
  readonly type: 'WithdrawErasure';
  readonly reason: string;
}
export interface PlaceLegalHold extends At {
  readonly type: 'PlaceLegalHold';
  readonly hold: string;
  readonly sealed: SealedOf<LegalHoldPlaced>;
}
export interface ReleaseLegalHold extends At {
  readonly type: 'ReleaseLegalHold';
  readonly hold: string;
}
/** Looks have no reference in the clear: appending twice is caught by the event's id, not here. */
export interface RecordLook extends At {
  readonly type: 'RecordLook';
  readonly sealed: SealedOf<LookRecorded>;
}
/** `scope`: the reference of a removed item, or `all`. */
export interface BeginKeyDestruction extends At {
  readonly type: 'BeginKeyDestruction';
  readonly scope: string;
}
export interface RecordKeyDestroyed extends At {
  readonly type: 'RecordKeyDestroyed';
  readonly scope: string;
  readonly epoch: number;
}
export interface MarkErased extends At {
  readonly type: 'MarkErased';
}

export type OneIdCommand =
  | StartEnrolment
  | GiveConsent
  | WithdrawConsent
  | CompleteEnrolment
  | EnrolPalm
  | ReplacePalm
  | UpdatePalmSignature
  | MarkPalmMatchable
  | MarkPalmDuplicate
  | RemovePalm
  | AddCard
  | MakeCardDefault
  | RemoveCard
  | AddPhone
  | VerifyPhone
  | RemovePhone
  | LinkAccount
  | UnlinkAccount
  | GrantCredential
  | RevokeCredential
  | OpenTransaction
  | CloseTransaction
  | AnnounceChange
  | WithdrawChange
  | LetChangeTakeEffect
  | ConfirmChangeByPalm
  | Pause
  | Unpause
  | Suspend
  | Resume
  | WarnOfExpiry
  | Expire
  | RequestErasure
  | WithdrawErasure
  | PlaceLegalHold
  | ReleaseLegalHold
  | RecordLook
  | BeginKeyDestruction
  | RecordKeyDestroyed
  | MarkErased;

import type { SignedRequest } from '#libs/device-protocol/headers.ts';
import type { CaptureBinding } from '#libs/device-protocol/purpose.ts';
import type { SignedKey } from '#libs/device-protocol/signed-key.ts';
import type { RecognitionEvidence } from '#libs/domain/one-id/events.ts';
import type { Hand } from '#libs/domain/values.ts';
import type { QualityReason } from './palm/port.ts';

/**
 * The secure zone: what turns a capture into a One ID. Pictures go in and never come out; a signature comes out only
 * sealed; a One ID comes out only to the caller who redeems a ticket, never to a device. On any doubt (an index that lags,
 * a worker that hangs, a model version without its shard) every method throws `NotNow`; "nobody" is an answer, not a doubt.
 */
export interface Recognition {
  /** Today's public key for captures, signed by the service's root key. Devices take a new one before `notAfter`. */
  captureKey(): Promise<SignedKey>;

  /** Reads a palm that is to become a One ID's own and seals its signature for the event it will stand in. */
  enrol(request: EnrolRequest): Promise<EnrolOutcome>;

  /** Who is this? Answers with a ticket, which only `redeem` turns into a One ID. */
  identify(request: IdentifyRequest): Promise<IdentifyOutcome>;

  /**
   * Opens a ticket for the very request it was bound to. The same request may look again until the ticket is two minutes
   * old, so that retries are answered; the streams that keep its hash make it single-use.
   */
  redeem(ticket: string, binding: CaptureBinding): Promise<Redeemed>;

  /** Whom a palm that is "known" belongs to, so that a code can go to that One ID's phone. Ten minutes, same device. */
  resolveKnown(knownRef: string, device: string): Promise<KnownPalm>;

  /**
   * A PalmEnrolled or PalmSignatureUpdated from the ledger, in ledger order. Searched again before it may match. An entry
   * with the reference of a palm that the same One ID already holds replaces it.
   */
  palmEnrolled(entry: PalmEntry): Promise<PalmTaken>;

  /** At start: palms that the ledger says are matchable already (PalmMatchable follows them), taken without a search. */
  palmsLoaded(entries: readonly PalmEntry[]): Promise<readonly ('loaded' | 'gone')[]>;

  /** Its signature is overwritten before this resolves. Unknown palms are fine. */
  palmRemoved(oneId: string, palm: string): Promise<void>;

  /** Not enrolled to the end, paused, suspended, or its erasure requested: it identifies nobody, and still keeps others off its palms. */
  oneIdClosed(oneId: string): Promise<void>;
  oneIdReopened(oneId: string): Promise<void>;

  /**
   * Keys have been destroyed in this epoch: signatures, tickets and references of these are overwritten or dropped, and from
   * then on the index takes nothing that was opened before. Resolves when nothing of them is left (the acknowledgement).
   */
  forget(epoch: number, gone: Forgotten): Promise<void>;

  /**
   * The feeder has passed this ledger position; `atEnd` says that it was the ledger's last. A zone that has not been told
   * of the end for a while (see `staleAfterMs`) throws `NotNow`, so the feeder repeats this while nothing happens.
   */
  passed(position: bigint, atEnd: boolean): void;

  ready(): ZoneReadiness;

  close(): Promise<void>;
}

export interface CaptureRequest {
  readonly signed: SignedRequest;
  /** The encrypted capture, base64url, as it stands in the signed body. */
  readonly capture: string;
  readonly binding: CaptureBinding;
}

export interface EnrolRequest extends CaptureRequest {
  readonly oneId: string;
  readonly hand: Hand;
  readonly place: SealingPlace;
}

/** Where a sealed signature stands: bound into its ciphertext. Its key is named `<stream>/<palm>`. */
export interface SealingPlace {
  readonly stream: string;
  readonly eventId: string;
  /** The palm's reference. */
  readonly palm: string;
}

export type EnrolOutcome =
  | {
      readonly outcome: 'accepted';
      readonly sealed: Uint8Array;
      readonly modelVersion: string;
      readonly quality: number;
      readonly nearInfrared: boolean;
    }
  /** This One ID holds this palm already. */
  | { readonly outcome: 'held'; readonly palm: string }
  /** Another One ID holds it. `knownRef` says nothing by itself. */
  | { readonly outcome: 'known'; readonly knownRef: string }
  | ZoneRefusal;

export interface IdentifyRequest extends CaptureRequest {
  /** Last four digits of the phone, where `more` asked for them; as they stand in the signed body. */
  readonly lastFour?: string;
  /** `try` of the answer that asked for the other hand. */
  readonly follows?: string;
}

export type IdentifyOutcome =
  | { readonly outcome: 'ticket'; readonly ticket: string; readonly expiresAt: string }
  | { readonly outcome: 'nobody' }
  /** The evidence does not reach as far as this crowd: ask for the digits, or for the other hand. */
  | { readonly outcome: 'more'; readonly wanted: readonly ('lastFour' | 'otherHand')[]; readonly try: string }
  | ZoneRefusal;

/** Reasons are stable words that a device shows in its language. */
export interface ZoneRefusal {
  readonly outcome: 'refused';
  readonly reasons: readonly ZoneReason[];
}

/** Beside the palm reader's own reasons, which ask the person for something. */
export type ZoneReason =
  | QualityReason
  /** The request is not soundly signed by that device, which is active and that merchant's, for that very request. */
  | 'request-not-trusted'
  /** The capture, or the digits, do not stand in the signed body. */
  | 'not-in-signed-body'
  /** Sealed for something else (device, merchant, purpose, amount, request), or altered. */
  | 'capture-altered'
  /** To a key whose time is over, or of a zone that has started anew: fetch the key of the day. */
  | 'capture-key-unknown'
  | 'capture-used-before'
  | 'binding-invalid'
  /** So much may be spent only where the device sees near infrared. */
  | 'near-infrared-wanted'
  | 'too-many-tries';

/** What a ticket opens to. `ticketHash` (base64url SHA-256) is what goes on streams. */
export type Redeemed =
  | {
      readonly outcome: 'redeemed';
      readonly oneId: string;
      readonly palm: string;
      readonly ticketHash: string;
      /** When the ticket is over: the stream that keeps its hash remembers it until then. */
      readonly expiresAt: string;
      readonly evidence: ZoneEvidence;
    }
  | { readonly outcome: 'refused'; readonly reason: 'ticket-unknown' | 'ticket-expired' | 'ticket-bound-elsewhere' };

export interface ZoneEvidence extends RecognitionEvidence {
  readonly nearInfrared: boolean;
}

export type KnownPalm =
  | { readonly outcome: 'resolved'; readonly oneId: string }
  | { readonly outcome: 'refused'; readonly reason: 'unknown' };

export interface PalmEntry {
  readonly oneId: string;
  readonly hand: Hand;
  readonly modelVersion: string;
  readonly place: SealingPlace;
  /** The event's sealed part alone, as it was sealed: ciphertext of f32 little-endian vector, then code. */
  readonly sealed: Uint8Array;
}

/** `gone`: its key is destroyed, nothing was taken. */
export type PalmTaken = 'matchable' | 'gone' | { readonly duplicateOf: string };

export interface Forgotten {
  readonly oneIds: readonly string[];
  readonly palms: readonly { readonly oneId: string; readonly palm: string }[];
}

export interface ZoneReadiness {
  readonly ready: boolean;
  /** Why not; a fixed word. */
  readonly why?: 'loading' | 'stale' | 'failed' | 'closed';
  readonly position: bigint;
  readonly palms: number;
  readonly modelVersions: readonly string[];
  /** The last epoch that was forgotten. */
  readonly epoch: number;
}

/** The zone cannot tell at the moment. Never to be taken for "nobody"; the device tries again. */
export class NotNow extends Error {
  readonly why: 'stale' | 'loading' | 'overdue' | 'failed' | 'closed';

  constructor(why: NotNow['why'], options?: ErrorOptions) {
    super(`recognition cannot answer now: ${why}`, options);
    this.name = 'NotNow';
    this.why = why;
  }
}

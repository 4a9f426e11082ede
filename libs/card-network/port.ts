import type { CardBrand } from '#libs/domain/values.ts';

/**
 * The card network: it alone knows card numbers, and turns each into a token of its own.
 *
 * Every call stands under a key made from the payment and the step. The same key with the same content has its effect once
 * and answers the same again; with other content it throws `KeyReused`. Each call has a deadline: where no answer came in
 * time, or the answer was lost, it throws `OutcomeUnknown`; then the call is repeated as it was, or `lookUp` is asked.
 * Declined and refused are answers, not errors.
 */
export interface CardNetwork {
  /** Ed25519, raw, base64url: signs the tokeniser's keys. A device learns it when it is activated. */
  rootKey(): Promise<string>;

  /** The key that card numbers are encrypted to. */
  tokeniserKey(): Promise<TokeniserKey>;

  tokenise(request: Tokenise, options?: CallOptions): Promise<Tokenised>;
  authorise(request: Authorise, options?: CallOptions): Promise<Authorised>;
  capture(request: Capture, options?: CallOptions): Promise<Captured>;

  /**
   * Takes back what the call under the key `cancels` did, or will do: a cancel that arrives first defeats a late authorise,
   * which is then declined with `cancelled`. What is captured can only be refunded.
   */
  cancel(request: Cancel, options?: CallOptions): Promise<Cancelled>;

  /** By the network's own reference alone, so that it works when the member is long gone. */
  refund(request: Refund, options?: CallOptions): Promise<Refunded>;

  /** What became of a key. `unknown` says only that nothing has arrived yet: a late call still may, unless it is cancelled. */
  lookUp(key: string, options?: CallOptions): Promise<LookedUp>;

  /** What the network did by itself (charge-backs), after a position, oldest first; `'0'` is the beginning. */
  since(position: string, options?: CallOptions): Promise<NetworkNews>;

  close(): Promise<void>;
}

export interface CallOptions {
  /** Milliseconds until `OutcomeUnknown`; 10,000 where nothing is said. */
  readonly deadlineMs?: number;
}

export interface TokeniserKey {
  readonly keyId: string;
  /** X25519, raw, base64url. */
  readonly publicKey: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** Ed25519 by the root key, base64url. */
  readonly signature: string;
}

export interface Tokenise {
  readonly key: string;
  /** As the device or the member's browser made it (`sealCard`), base64url. */
  readonly card: string;
  /** What the sender bound in; a card sealed for something else does not open. */
  readonly context: CardContext;
}

export interface CardContext {
  /** The device's id, or `member` where it comes from the platform. */
  readonly sender: string;
  /** The idempotency key of the write that the card is for. */
  readonly request: string;
}

export type Tokenised =
  | {
      readonly outcome: 'tokenised';
      readonly networkToken: string;
      readonly brand: CardBrand;
      readonly lastFour: string;
      /** YYYY-MM. */
      readonly expiry: string;
    }
  | { readonly outcome: 'refused'; readonly reason: CardRefusal };

export type CardRefusal = 'unreadable' | 'key-expired' | 'number-invalid' | 'brand-unknown' | 'expired';

/** `amount` in minor units, above zero; `currency` ISO 4217. */
export interface Authorise {
  readonly key: string;
  readonly token: string;
  readonly amount: number;
  readonly currency: string;
  readonly merchant: string;
}

/** `reference` is the network's own; a declined authorisation has one too. */
export type Authorised =
  | { readonly outcome: 'authorised'; readonly reference: string; readonly reason: 'approved' }
  | { readonly outcome: 'declined'; readonly reference: string; readonly reason: DeclineReason };

export type DeclineReason =
  'insufficient-funds' | 'card-expired' | 'card-stolen' | 'card-unknown' | 'do-not-honour' | 'over-limit' | 'cancelled';

export interface Capture {
  readonly key: string;
  /** Of the authorisation. */
  readonly reference: string;
  /** Not above what was authorised; captured once. */
  readonly amount: number;
}
export type Captured =
  | { readonly outcome: 'captured'; readonly reference: string }
  | { readonly outcome: 'refused'; readonly reason: StepRefusal };

export interface Cancel {
  readonly key: string;
  /** The key of the authorisation, which may not have arrived yet. */
  readonly cancels: string;
}
export type Cancelled =
  { readonly outcome: 'cancelled' } | { readonly outcome: 'refused'; readonly reason: 'already-captured' };

export interface Refund {
  readonly key: string;
  /** Of the authorisation. */
  readonly reference: string;
  /** In all not above what was captured and not charged back. */
  readonly amount: number;
}
export type Refunded =
  | { readonly outcome: 'refunded'; readonly reference: string }
  | { readonly outcome: 'refused'; readonly reason: StepRefusal };

export type StepRefusal =
  | 'reference-unknown'
  | 'not-authorised'
  | 'already-captured'
  | 'cancelled'
  | 'not-captured'
  | 'amount-too-large'
  | 'issuer-refused';

export type LookedUp =
  | { readonly step: 'unknown' }
  | { readonly step: 'tokenise'; readonly outcome: Tokenised }
  | { readonly step: 'authorise'; readonly outcome: Authorised }
  | { readonly step: 'capture'; readonly outcome: Captured }
  | { readonly step: 'cancel'; readonly outcome: Cancelled }
  | { readonly step: 'refund'; readonly outcome: Refunded };

export interface NetworkNews {
  readonly chargeBacks: readonly ChargeBack[];
  /** To ask from the next time. */
  readonly position: string;
}

export interface ChargeBack {
  readonly position: string;
  /** The network's own reference of this charge-back. */
  readonly dispute: string;
  /** Of the authorisation. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly at: string;
}

/** No answer in time, or it was lost: it may have happened or not. Repeat as it was, or look the key up. */
export class OutcomeUnknown extends Error {
  readonly why: 'deadline' | 'unreachable';

  constructor(why: OutcomeUnknown['why']) {
    super(`the card network gave no answer: ${why}`);
    this.name = 'OutcomeUnknown';
    this.why = why;
  }
}

/** The key was used before with other content. Nothing happened. */
export class KeyReused extends Error {
  constructor() {
    super('the key stands for another request at the card network');
    this.name = 'KeyReused';
  }
}

/** The request breaks the form: an amount that is no positive integer, a key that is empty or too long. */
export class RequestInvalid extends Error {
  readonly field: string;

  constructor(field: string) {
    super(`invalid for the card network: ${field}`);
    this.name = 'RequestInvalid';
    this.field = field;
  }
}

import type { CredentialKind, Hand } from '#libs/domain/values.ts';
import type { Purpose } from './purpose.ts';
import type { SignedKey } from './signed-key.ts';

/** Bodies of the device's requests and answers, as JSON. Times are ISO 8601 UTC, amounts minor units, captures and cards base64url. */
export interface Activated {
  readonly device: string;
  readonly merchant: string;
  readonly site: string;
  readonly nearInfrared: boolean;
  readonly rootKeys: RootKeys;
}

/** Ed25519, raw, base64url: what the device believes keys of the day by, from its activation on. */
export interface RootKeys {
  readonly service: string;
  readonly cardNetwork: string;
}

export interface KeysOfTheDay {
  readonly capture: SignedKey;
  readonly tokeniser: SignedKey;
}

export interface Consent {
  /** Of the text that was shown. */
  readonly version: string;
  readonly language: string;
  readonly given: true;
}

export interface EnrolmentBegun {
  readonly handle: string;
  readonly enrolBy: string;
}

export interface Identified {
  readonly outcome: 'ticket';
  readonly ticket: string;
  readonly expiresAt: string;
}

/** With the idempotency key that it is bound to: the write that spends the ticket goes under the same key. */
export interface Ticket extends Identified {
  readonly request: string;
}

export interface IdentifyAsked {
  readonly purpose: Exclude<Purpose, 'enrol'>;
  readonly amount?: number;
  readonly currency?: string;
  /** Last four digits of the phone, where an answer asked for more. */
  readonly lastFour?: string;
  /** `try` of the answer that asked for the other hand. */
  readonly follows?: string;
}

export interface Payment {
  readonly payment: string;
  readonly state: string;
  readonly amount: number;
  readonly currency: string;
  readonly [more: string]: unknown;
}

export interface Visit {
  readonly visit: string;
  readonly [more: string]: unknown;
}

export interface Checked {
  readonly kind: CredentialKind;
  readonly answer: string;
  readonly [more: string]: unknown;
}

/** What a third party gives a member at its own device. */
export interface Granting {
  readonly kind: CredentialKind;
  /** The third party's own. */
  readonly reference: string;
  /** At most ten short texts by name, such as `{ band: 'over-18' }`. */
  readonly facts: Readonly<Record<string, string>>;
}

export type { CredentialKind, Hand };

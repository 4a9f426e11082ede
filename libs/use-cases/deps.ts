import type { CardNetwork } from '#libs/card-network/port.ts';
import type { CodeStore } from '#libs/identity/codes.ts';
import type { ContactIndex } from '#libs/identity/contact-index.ts';
import type { ServiceKeys } from '#libs/identity/service-keys.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import type { Outbox } from '#libs/notices/port.ts';
import type { Recognition } from '#libs/recognition/port.ts';
import type { Clock } from '#libs/runtime/clock.ts';
import type { Topics } from '#libs/topics/port.ts';
import type { Views } from '#libs/views/port.ts';

/** The ports behind which everything stands; nothing above them knows which adapter it has. */
export interface Deps {
  readonly ledger: Ledger;
  readonly keyring: Keyring;
  readonly recognition: Recognition;
  readonly network: CardNetwork;
  readonly outbox: Outbox;
  readonly topics: Topics;
  readonly views: Views;
  readonly codes: CodeStore;
  /** Phones and linked accounts to One IDs, in the vault's memory alone. */
  readonly contacts: ContactIndex;
  readonly keys: ServiceKeys;
  readonly clock: Clock;
  readonly policy: Policy;
}

/** What an operator may set; defaults in `policy.ts`. */
export interface Policy {
  /** How long a till waits for the card network before it says "unknown", in milliseconds. */
  readonly networkDeadlineMs: number;
  /** Until when a payment, visit or check is completed or abandoned without anybody, in seconds after it was opened. */
  readonly settlePaymentSeconds: number;
  readonly settleVisitSeconds: number;
  readonly enrolmentHours: number;
  readonly changeHours: number;
  /** Days from an erasure's request to its due date; and for subscribers to acknowledge it. */
  readonly erasureDueDays: number;
  readonly acknowledgeDays: number;
  readonly consentVersion: string;
}

import type { CredentialKind, Hand } from '../values.ts';
import type { ChangeKind, ErasureReason, TransactionKind, TransactionOutcome } from './events.ts';

/** `new` until the index has searched it in ledger order; `duplicate`: it belongs to another One ID and opens nothing. */
export type PalmCondition = 'new' | 'matchable' | 'duplicate';
export interface HeldPalm {
  readonly palm: string;
  readonly hand: Hand;
  /** Every model that has signed it, the latest last. */
  readonly modelVersions: readonly string[];
  readonly condition: PalmCondition;
}
export interface HeldPhone {
  readonly phone: string;
  readonly verified: boolean;
}
export interface HeldCredential {
  readonly credential: string;
  readonly kind: CredentialKind;
}

export type ItemKind = 'palm' | 'card' | 'phone' | 'link' | 'credential';
/** Taken away by a person; its key is still there, until no open transaction (`waitsFor`) needs it. */
export interface RemovedItem {
  readonly ref: string;
  readonly kind: ItemKind;
  readonly waitsFor: readonly number[];
  readonly begun: boolean;
}

export interface OpenTransactionState {
  readonly number: number;
  readonly kind: TransactionKind;
  readonly settleBy: string;
  readonly ticketHash: string;
  readonly openedAt: string;
}
export interface EndedTransaction {
  readonly number: number;
  readonly kind: TransactionKind;
  readonly outcome: TransactionOutcome;
  readonly ticketHash: string;
  readonly openedAt: string;
  readonly closedAt: string;
}
/** What is open, and the last that ended (ENDED_REMEMBERED, in the order of their ends): years of use leave a count. */
export interface Transactions {
  readonly next: number;
  readonly open: readonly OpenTransactionState[];
  readonly ended: readonly EndedTransaction[];
  /** When the latest of the forgotten ones was opened; empty where none is forgotten. */
  readonly forgottenUpTo: string;
}

export interface WaitingChange {
  readonly change: string;
  readonly kind: ChangeKind;
  readonly target: string;
  readonly takesEffectAt: string;
}
export interface SettledChange {
  readonly change: string;
  readonly kind: ChangeKind;
  readonly target: string;
  readonly outcome: 'effective' | 'withdrawn';
  readonly at: string;
}

/** What a One ID has, whatever its standing. Lists are in the order in which things came. */
export interface Holding {
  readonly consent: string | null;
  readonly palms: readonly HeldPalm[];
  readonly cards: readonly string[];
  readonly defaultCard: string | null;
  readonly phones: readonly HeldPhone[];
  readonly link: string | null;
  readonly credentials: readonly HeldCredential[];
  readonly removed: readonly RemovedItem[];
  /** References whose keys are destroyed, the latest: a late repetition finds its answer here. */
  readonly gone: readonly string[];
  readonly paused: boolean;
  readonly suspended: boolean;
  readonly transactions: Transactions;
  readonly waitingChanges: readonly WaitingChange[];
  readonly settledChanges: readonly SettledChange[];
  readonly holds: readonly string[];
  readonly releasedHolds: readonly string[];
  /** The last time that a device saw the person: expiry counts from here. */
  readonly lastDeviceAt: string;
  /** Warnings since then; the first names the day that the person was told. */
  readonly warnings: readonly { readonly expiresOn: string; readonly at: string }[];
  readonly erasureWithdrawn: boolean;
}

export interface Unknown {
  readonly status: 'unknown';
}
export interface Enrolling extends Holding {
  readonly status: 'enrolling';
  readonly enrolBy: string;
}
export interface Active extends Holding {
  readonly status: 'active';
}
export interface Expired extends Holding {
  readonly status: 'expired';
  readonly expiresOn: string;
}
/** An erasure is asked for. `before` is where it stood. */
export interface Leaving extends Holding {
  readonly status: 'leaving';
  readonly reason: ErasureReason;
  readonly before: 'enrolling' | 'active' | 'expired';
}
/** KeyDestructionBegun(all) is written: no way back. */
export interface Destroying {
  readonly status: 'destroying';
  readonly reason: ErasureReason;
  readonly keyDestroyed: boolean;
}
export interface Erased {
  readonly status: 'erased';
}

export type Living = Enrolling | Active | Expired | Leaving;
export type OneIdState = Unknown | Living | Destroying | Erased;

export const unknown: OneIdState = { status: 'unknown' };

export function isLiving(state: OneIdState): state is Living {
  return state.status !== 'unknown' && state.status !== 'destroying' && state.status !== 'erased';
}

export function usablePalms(state: Holding): readonly HeldPalm[] {
  return state.palms.filter((palm) => palm.condition === 'matchable');
}

/** Whether a palm of this One ID points at anybody: not before it is enrolled, and not paused, suspended, expired or leaving. */
export function identifiesBy(state: OneIdState, palm: string): boolean {
  if (state.status !== 'active' || state.paused || state.suspended) return false;
  return usablePalms(state).some((usable) => usable.palm === palm);
}

export function verifiedPhones(state: Holding): readonly HeldPhone[] {
  return state.phones.filter((phone) => phone.verified);
}

/** The transaction that this ticket opened: still open, or among the last that ended. */
export function transactionByTicket(
  state: OneIdState,
  ticketHash: string,
): OpenTransactionState | EndedTransaction | undefined {
  if (!isLiving(state)) return undefined;
  const { open, ended } = state.transactions;
  return open.find((one) => one.ticketHash === ticketHash) ?? ended.findLast((one) => one.ticketHash === ticketHash);
}

/** Removed items whose keys may go now, or whose destruction has begun and is not yet recorded. */
export function destructibleItems(state: OneIdState): readonly RemovedItem[] {
  if (!isLiving(state)) return [];
  return state.removed.filter((item) => item.begun || (item.waitsFor.length === 0 && state.holds.length === 0));
}

/** A change that took effect, as leave for what it allows (a download); `at` is when. */
export function effectiveChange(state: OneIdState, change: string): SettledChange | undefined {
  if (!isLiving(state)) return undefined;
  return state.settledChanges.find((one) => one.change === change && one.outcome === 'effective');
}

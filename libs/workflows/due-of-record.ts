import { addDays, addYears } from 'date-fns';
import { clearOf } from '#libs/event-codec/codec.ts';
import type { StoredRecord } from '#libs/ledger/port.ts';
import type { DueQueue } from './due-queue.ts';

/** A key of the queue: the stream that has to be looked at, and why. */
export function dueKey(stream: string, why: string): string {
  return `${stream} ${why}`;
}

export function streamOfKey(key: string): string {
  return key.slice(0, key.indexOf(' '));
}

export function whyOfKey(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

/** For what waits until something else happens. */
export const PARKED = Number.MAX_SAFE_INTEGER;

/** Messages are known to the outbox by their ids for a week: what is younger is told once more after a restart, and arrives once. */
const TOLD_AGAIN_DAYS = 6;
/** Whoever asked for a refund also carries it out; only what it left half-way is ours. */
const REFUND_MS = 30_000;

/** What fills the queue. */
export type Filling = Pick<DueQueue, 'set' | 'drop' | 'has'>;

type Rule = (queue: Filling, record: StoredRecord, clear: Readonly<Record<string, unknown>>, now: number) => void;

/**
 * What each record makes due, or due no longer. It only finds candidates: the stream decides. So it errs towards looking
 * once too often, and never keeps more than one entry for each thing that is open.
 */
const RULES: Readonly<Record<string, Rule>> = {
  EnrolmentStarted: (queue, { stream }, { enrolBy }) => queue.set(dueKey(stream, 'enrolment'), time(enrolBy)),
  EnrolmentCompleted: (queue, record) => {
    queue.drop(dueKey(record.stream, 'enrolment'));
    seenAtDevice(queue, record);
  },
  TransactionOpened: (queue, record, { kind, number, settleBy }) => {
    if (kind === 'enrolment') return;
    queue.set(dueKey(record.stream, `transaction/${number as number}`), time(settleBy));
    seenAtDevice(queue, record);
  },
  TransactionClosed: (queue, { stream }, { number }, now) => {
    queue.drop(dueKey(stream, `transaction/${number as number}`));
    if (queue.has(dueKey(stream, 'keys'))) queue.set(dueKey(stream, 'keys'), now);
  },
  PalmSignatureUpdated: (queue, record) => seenAtDevice(queue, record),
  PalmDuplicateFound: (queue, record, _clear, now) => {
    queue.set(dueKey(record.stream, 'duplicate'), now);
    tell(queue, record, now);
  },
  PalmRemoved: keysWaiting,
  CardRemoved: keysWaiting,
  AccountUnlinked: keysWaiting,
  CredentialRevoked: keysWaiting,
  PhoneRemoved: (queue, record, clear, now) => {
    queue.drop(dueKey(record.stream, `moved/${clear['phone'] as string}`));
    if (clear['reason'] === 'verified-elsewhere') tell(queue, record, now);
    keysWaiting(queue, record, clear, now);
  },
  LegalHoldReleased: keysWaiting,
  KeyDestructionBegun: (queue, { stream }, { scope }, now) => {
    if (scope !== 'all') queue.set(dueKey(stream, 'keys'), now);
    else for (const why of ['expiry', 'keys', 'leaving', 'duplicate', 'enrolment']) queue.drop(dueKey(stream, why));
  },
  ChangeAnnounced: (queue, record, { change, takesEffectAt }, now) => {
    queue.set(dueKey(record.stream, `change/${change as string}`), time(takesEffectAt));
    tell(queue, record, now);
  },
  ChangeWithdrawn: (queue, { stream }, { change }) => queue.drop(dueKey(stream, `change/${change as string}`)),
  ChangeTookEffect: (queue, record, { change, confirmedBy }) => {
    queue.drop(dueKey(record.stream, `change/${change as string}`));
    if (confirmedBy === 'palm') seenAtDevice(queue, record);
  },
  ExpiryWarned: (queue, record, _clear, now) => {
    queue.set(dueKey(record.stream, 'expiry'), now);
    tell(queue, record, now);
  },
  OneIdExpired: (queue, { stream }, _clear, now) => queue.set(dueKey(stream, 'expiry'), now),
  ErasureRequested: (queue, { stream }, _clear, now) => {
    for (const why of ['expiry', 'enrolment', 'duplicate']) queue.drop(dueKey(stream, why));
    queue.set(dueKey(stream, 'leaving'), now);
  },
  ErasureWithdrawn: (queue, { stream }, _clear, now) => {
    queue.drop(dueKey(stream, 'leaving'));
    queue.set(dueKey(stream, 'expiry'), now);
  },
  RefundRequested: (queue, { stream, recordedAt }, { refund }) =>
    queue.set(dueKey(stream, `refund/${refund as string}`), time(recordedAt) + REFUND_MS),
  PaymentRefunded: (queue, { stream }, { refund }) => queue.drop(dueKey(stream, `refund/${refund as string}`)),
  RefundRefused: (queue, { stream }, { refund }) => queue.drop(dueKey(stream, `refund/${refund as string}`)),
  ...Object.fromEntries(
    ['ErasureStarted', 'ErasureApproved', 'Held', 'Released', 'SubscriberAcknowledged'].map((type) => [type, step]),
  ),
  ...Object.fromEntries(['ErasureCertified', 'ErasureRefused', 'Withdrawn'].map((type) => [type, ended])),
};

export const DUE_TYPES = Object.keys(RULES);

export function takeDue(queue: Filling, record: StoredRecord, now: number): void {
  RULES[record.type]?.(queue, record, clearOf(record), now);
}

function step(queue: Filling, { stream }: StoredRecord, _clear: unknown, now: number): void {
  queue.set(dueKey(stream, 'step'), now);
}

function ended(queue: Filling, { stream }: StoredRecord): void {
  queue.drop(dueKey(stream, 'step'));
}

/** A key goes once no open transaction needs it and nothing is held: looked at now, and parked where it has to wait. */
function keysWaiting(queue: Filling, { stream }: StoredRecord, _clear: unknown, now: number): void {
  queue.set(dueKey(stream, 'keys'), now);
}

/** Some days before the first warning can be due; what is due then, the stream says. */
function seenAtDevice(queue: Filling, { stream, recordedAt }: StoredRecord): void {
  queue.set(dueKey(stream, 'expiry'), addDays(addYears(new Date(recordedAt), 2), -63).getTime());
}

function tell(queue: Filling, record: StoredRecord, now: number): void {
  if (now - Date.parse(record.recordedAt) > TOLD_AGAIN_DAYS * 86_400_000) return;
  // Before the key of what was removed goes: its last digits are still said.
  queue.set(dueKey(record.stream, `tell/${record.revision}`), now - 1);
}

function time(value: unknown): number {
  return Date.parse(value as string);
}

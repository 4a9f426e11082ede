import { never, Refused } from '../refused.ts';
import type {
  AcknowledgeErasure,
  BeginDestruction,
  CertifyErasure,
  MarkSubscriberOverdue,
  RecordErasureKeyDestroyed,
  RecordTransactionsSettled,
} from './commands.ts';
import type { ErasureEvent } from './events.ts';
import { isDone, STEPS, unanswered, type Destroying, type ErasureState, type Pending, type Step } from './state.ts';

type StepEvent = Extract<ErasureEvent, { readonly type: Step }>;

/** Each step once, and only after the one before it: a certificate says that they happened in this order. */
export function take(event: StepEvent, state: ErasureState): readonly ErasureEvent[] {
  const one = running(state);
  if (isDone(one, event.type)) return [];
  const next = STEPS[one.doneSteps];
  if (next !== event.type)
    throw new Refused('erasure-step-early', `First comes ${String(next)}.`, 'conflict', { next: String(next) });
  return [event];
}

export function settleTransactions(_: RecordTransactionsSettled, state: ErasureState): readonly ErasureEvent[] {
  if (state.status === 'pending') approved(state);
  return take({ type: 'TransactionsSettled', clear: {} }, state);
}

/** The last moment for everything that can stop it: approval, holds, the days in which it may be withdrawn. */
export function beginDestruction(command: BeginDestruction, state: ErasureState): readonly ErasureEvent[] {
  const { sealed } = command;
  const events = take({ type: 'DestructionBegun', clear: {}, ...(sealed === undefined ? {} : { sealed }) }, state);
  if (state.status !== 'pending') return events;
  approved(state);
  if (state.holds.length > 0) throw new Refused('legal-hold', 'A legal hold stands.');
  if (command.at < state.about.withdrawableUntil)
    throw new Refused('still-withdrawable', 'Until then it may be withdrawn.', 'conflict', {
      until: state.about.withdrawableUntil,
    });
  return events;
}

export function acknowledge(command: AcknowledgeErasure, state: ErasureState): readonly ErasureEvent[] {
  const { subscriber } = command;
  if (asked(state, subscriber).acknowledged.includes(subscriber)) return [];
  if (state.status === 'certified') throw new Refused('erasure-ended', 'This erasure has ended.', 'gone');
  return [{ type: 'SubscriberAcknowledged', clear: { subscriber } }];
}

/** A subscriber that never answers is named, and holds nobody's erasure up for ever. */
export function markOverdue(command: MarkSubscriberOverdue, state: ErasureState): readonly ErasureEvent[] {
  const { subscriber, at } = command;
  const list = asked(state, subscriber);
  if (list.acknowledged.includes(subscriber) || list.overdue.includes(subscriber)) return [];
  if (at < list.acknowledgeBy) throw new Refused('not-overdue', 'The last day has not passed.');
  return [{ type: 'SubscriberOverdue', clear: { subscriber } }];
}

/** Subscribers read their pseudonym under this key, so it goes once each has answered or let its day pass. */
export function destroyErasureKey(command: RecordErasureKeyDestroyed, state: ErasureState): readonly ErasureEvent[] {
  const { epoch, copies } = command;
  const events = take({ type: 'ErasureKeyDestroyed', clear: { epoch, copies } }, state);
  if (events.length === 0) return [];
  const waitsFor = state.status === 'destroying' ? unanswered(state) : [];
  if (waitsFor.length > 0)
    throw new Refused('acknowledgements-missing', 'Subscribers have still to acknowledge.', 'conflict', {
      subscribers: waitsFor,
    });
  return events;
}

export function certify(command: CertifyErasure, state: ErasureState): readonly ErasureEvent[] {
  return take({ type: 'ErasureCertified', clear: { certificate: command.certificate } }, state);
}

function approved(state: Pending): void {
  if (state.about.needsApproval && state.approvedBy === null)
    throw new Refused('approval-missing', 'A second admin has still to approve it.', 'forbidden');
}

function running(state: ErasureState): Extract<ErasureState, { status: 'pending' | 'destroying' | 'certified' }> {
  switch (state.status) {
    case 'pending':
    case 'destroying':
    case 'certified':
      return state;
    case 'unknown':
      throw new Refused('erasure-unknown', 'There is no such erasure.', 'missing');
    case 'refused':
    case 'withdrawn':
      throw new Refused('erasure-ended', 'This erasure has ended.', 'gone');
    default:
      return never(state);
  }
}

function asked(state: ErasureState, subscriber: string): NonNullable<Destroying['asked']> {
  const one = running(state);
  const list = one.status === 'pending' ? null : one.asked;
  if (!list) throw new Refused('erasure-step-early', 'Nobody is asked to acknowledge yet.');
  if (!list.subscribers.includes(subscriber))
    throw new Refused('subscriber-not-asked', 'This subscriber has nothing to acknowledge.', 'missing');
  return list;
}

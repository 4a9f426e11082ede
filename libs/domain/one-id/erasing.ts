import { Refused } from '../refused.ts';
import type {
  BeginKeyDestruction,
  MarkErased,
  PlaceLegalHold,
  RecordKeyDestroyed,
  RecordLook,
  ReleaseLegalHold,
  RequestErasure,
  SealedOf,
  WithdrawErasure,
} from './commands.ts';
import type { ErasureReason, ErasureRequested, OneIdEvent } from './events.ts';
import { living, wasRemoved } from './guards.ts';
import type { Living, OneIdState } from './state.ts';

/** From here on nothing may be opened. An enrolment can never be completed now, so it ends in the same append. */
export function requested(
  one: Living,
  reason: ErasureReason,
  sealed: SealedOf<ErasureRequested>,
): readonly OneIdEvent[] {
  const enrolments = one.transactions.open.filter(({ kind }) => kind === 'enrolment');
  return [
    { type: 'ErasureRequested', clear: { reason }, sealed },
    ...enrolments.map(({ number }): OneIdEvent => ({
      type: 'TransactionClosed',
      clear: { number, outcome: 'abandoned' },
    })),
  ];
}

export function requestErasure(command: RequestErasure, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (one.status === 'leaving') {
    if (one.reason === command.reason) return [];
    throw new Refused('erasure-requested', 'The erasure of this One ID is requested.');
  }
  if (!hasReason(one, command)) throw new Refused('erasure-reason', 'This reason for an erasure does not hold.');
  return requested(one, command.reason, command.sealed);
}

/** The system's own reasons are checked: a late or doubled workflow must not erase whom the reason no longer fits. */
function hasReason(one: Living, { reason, at }: RequestErasure): boolean {
  switch (reason) {
    case 'unused':
      return one.status === 'expired';
    // A palm that is another's can never complete it: such an enrolment need not wait for its day to pass.
    case 'lapsed':
      return (
        one.status === 'enrolling' && (at >= one.enrolBy || one.palms.some((palm) => palm.condition === 'duplicate'))
      );
    case 'admin':
    case 'service-closed':
      return true;
    default:
      return reason satisfies never;
  }
}

/** Until the destruction has begun. An enrolment is not taken up again: its transaction has ended. */
export function withdrawErasure(command: WithdrawErasure, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (one.status === 'leaving') {
    if (one.before === 'enrolling') throw new Refused('enrolment-ended', 'An ended enrolment begins anew.');
    return [{ type: 'ErasureWithdrawn', clear: { reason: command.reason } }];
  }
  if (one.erasureWithdrawn) return [];
  throw new Refused('erasure-not-requested', 'No erasure is requested.', 'missing');
}

export function placeLegalHold(command: PlaceLegalHold, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (one.holds.includes(command.hold) || one.releasedHolds.includes(command.hold)) return [];
  return [{ type: 'LegalHoldPlaced', clear: { hold: command.hold }, sealed: command.sealed }];
}

export function releaseLegalHold(command: ReleaseLegalHold, state: OneIdState): readonly OneIdEvent[] {
  const one = living(state);
  if (one.releasedHolds.includes(command.hold)) return [];
  if (!one.holds.includes(command.hold)) throw new Refused('hold-unknown', 'There is no such hold.', 'missing');
  return [{ type: 'LegalHoldReleased', clear: { hold: command.hold } }];
}

/** In every standing: a member sees who looked, also while leaving. Afterwards there is nothing to see. */
export function recordLook(command: RecordLook, state: OneIdState): readonly OneIdEvent[] {
  living(state);
  return [{ type: 'LookRecorded', clear: {}, sealed: command.sealed }];
}

/** The intent, before any key goes: whoever finds it finishes it. */
export function beginKeyDestruction(command: BeginKeyDestruction, state: OneIdState): readonly OneIdEvent[] {
  const { scope } = command;
  if (scope === 'all' && (state.status === 'destroying' || state.status === 'erased')) return [];
  const one = living(state);
  if (scope === 'all') mayBeginAll(one);
  else if (begunAlready(one, scope)) return [];
  else mayBeginItem(one, scope);
  return [{ type: 'KeyDestructionBegun', clear: { scope } }];
}

function mayBeginAll(one: Living): void {
  if (one.status !== 'leaving') throw new Refused('erasure-not-requested', 'No erasure is requested.');
  if (one.transactions.open.length > 0) throw new Refused('transactions-open', 'Transactions are still open.');
  notHeld(one);
}

function begunAlready(one: Living, scope: string): boolean {
  return one.gone.includes(scope) || one.removed.some((item) => item.ref === scope && item.begun);
}

function mayBeginItem(one: Living, scope: string): void {
  if (!wasRemoved(one, scope)) throw new Refused('item-not-removed', 'Only what was removed loses its key.');
  // A payment under way still has to be captured, or voided, by the card that it began with.
  if (one.removed.some((item) => item.ref === scope && item.waitsFor.length > 0))
    throw new Refused('transactions-open', 'An open transaction still needs it.');
  notHeld(one);
}

/** What a court wants kept is not destroyed, neither whole nor in parts. */
function notHeld(one: Living): void {
  if (one.holds.length > 0) throw new Refused('legal-hold', 'A legal hold stands.');
}

export function recordKeyDestroyed(command: RecordKeyDestroyed, state: OneIdState): readonly OneIdEvent[] {
  const { scope, epoch } = command;
  if (state.status === 'erased' && scope === 'all') return [];
  if (state.status === 'destroying' && scope === 'all')
    return state.keyDestroyed ? [] : [{ type: 'KeyDestroyed', clear: { scope, epoch } }];
  const one = living(state);
  if (one.gone.includes(scope)) return [];
  if (!one.removed.some((item) => item.ref === scope && item.begun))
    throw new Refused('destruction-not-begun', 'No key goes without its intent.');
  return [{ type: 'KeyDestroyed', clear: { scope, epoch } }];
}

export function markErased(_command: MarkErased, state: OneIdState): readonly OneIdEvent[] {
  if (state.status === 'erased') return [];
  if (state.status !== 'destroying' || !state.keyDestroyed)
    throw new Refused('key-not-destroyed', 'A One ID is erased once its key is destroyed.');
  return [{ type: 'OneIdErased', clear: {} }];
}

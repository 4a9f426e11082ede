import { Refused } from '../refused.ts';
import type {
  ApproveErasure,
  HoldErasure,
  RefuseErasure,
  ReleaseErasure,
  StartErasure,
  WithdrawErasureProcess,
} from './commands.ts';
import type { ErasureEvent } from './events.ts';
import type { ErasureState, Pending } from './state.ts';

export function startErasure(command: StartErasure, state: ErasureState): readonly ErasureEvent[] {
  const { type: _type, at, sealed, ...about } = command;
  if (state.status !== 'unknown') {
    if (state.about.commitment === about.commitment) return [];
    throw new Refused('erasure-exists', 'This erasure exists already.');
  }
  // An admin's wish alone erases nobody, so it always waits for a second one; and nobody can be second to an unnamed first.
  if (about.reason === 'admin' && !about.needsApproval)
    throw new Refused('approval-needed', "An admin's erasure needs a second admin.", 'invalid');
  if (about.needsApproval && about.requestedBy === '')
    throw new Refused('requester-missing', 'Who asks for an erasure to be approved is named.', 'invalid');
  if (!(at < about.dueBy && about.withdrawableUntil <= about.dueBy))
    throw new Refused('due-dates-wrong', 'It is due after it starts, and withdrawable until then at most.', 'invalid');
  return [{ type: 'ErasureStarted', clear: about, sealed }];
}

/** Four eyes are two principals: the one who asked does not count again, with whatever token. */
export function approveErasure(command: ApproveErasure, state: ErasureState): readonly ErasureEvent[] {
  if ('approvedBy' in state && state.approvedBy === command.principal) return [];
  const one = pending(state);
  secondPerson(one, command.principal);
  if (one.approvedBy !== null) throw new Refused('erasure-approved', 'This erasure is approved already.');
  return [{ type: 'ErasureApproved', clear: { principal: command.principal } }];
}

/** Only instead of an approval: what two have agreed on is withdrawn, not refused. */
export function refuseErasure(command: RefuseErasure, state: ErasureState): readonly ErasureEvent[] {
  if (state.status === 'refused' && state.by === command.principal) return [];
  const one = pending(state);
  secondPerson(one, command.principal);
  if (one.approvedBy !== null) throw new Refused('erasure-approved', 'This erasure is approved already.');
  return [{ type: 'ErasureRefused', clear: { principal: command.principal, reason: command.reason } }];
}

function secondPerson(one: Pending, principal: string): void {
  if (!one.about.needsApproval) throw new Refused('approval-not-needed', 'This erasure waits for no approval.');
  if (principal === '' || principal === one.about.requestedBy)
    throw new Refused('four-eyes', 'A second admin decides on it.', 'forbidden');
}

export function withdrawErasureProcess(command: WithdrawErasureProcess, state: ErasureState): readonly ErasureEvent[] {
  if (state.status === 'withdrawn') return [];
  pending(state);
  return [{ type: 'Withdrawn', clear: { by: command.by } }];
}

/** Holds are counted by their references: the destruction waits for the last to be released. */
export function holdErasure(command: HoldErasure, state: ErasureState): readonly ErasureEvent[] {
  const { hold, principal } = command;
  if (knows(state, hold)) return [];
  pending(state);
  return [{ type: 'Held', clear: { hold, principal } }];
}

export function releaseErasure(command: ReleaseErasure, state: ErasureState): readonly ErasureEvent[] {
  const { hold, principal } = command;
  if ('releasedHolds' in state && state.releasedHolds.includes(hold)) return [];
  const one = pending(state);
  if (!one.holds.includes(hold)) throw new Refused('hold-unknown', 'There is no such hold.', 'missing');
  return [{ type: 'Released', clear: { hold, principal } }];
}

function knows(state: ErasureState, hold: string): boolean {
  return 'holds' in state && (state.holds.includes(hold) || state.releasedHolds.includes(hold));
}

/** Until the destruction has begun; after it there is no way back for anybody. */
export function pending(state: ErasureState): Pending {
  if (state.status === 'pending') return state;
  if (state.status === 'unknown') throw new Refused('erasure-unknown', 'There is no such erasure.', 'missing');
  if (state.status === 'destroying') throw new Refused('destruction-begun', 'The destruction has begun.');
  throw new Refused('erasure-ended', 'This erasure has ended.', 'gone');
}

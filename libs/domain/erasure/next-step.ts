import { never } from '../refused.ts';
import { STEPS, unanswered, type Destroying, type ErasureState, type Pending, type Step } from './state.ts';

/** What a workflow does next: `step` is the event that will tell that it was done. */
export type NextStep =
  | { readonly kind: 'do'; readonly step: Step }
  | { readonly kind: 'overdue'; readonly subscribers: readonly string[] }
  | {
      readonly kind: 'wait';
      readonly for: 'approval' | 'hold' | 'withdrawal' | 'acknowledgements';
      /** When to look again by itself; null where only a person's act ends it. */
      readonly until: string | null;
    }
  | { readonly kind: 'ended'; readonly how: 'unknown' | 'refused' | 'withdrawn' | 'certified' };

export function nextStep(state: ErasureState, now: string): NextStep {
  switch (state.status) {
    case 'pending':
      return beforeDestruction(state, now);
    case 'destroying':
      return afterwards(state, now);
    case 'unknown':
    case 'refused':
    case 'withdrawn':
    case 'certified':
      return { kind: 'ended', how: state.status };
    default:
      return never(state);
  }
}

function beforeDestruction(state: Pending, now: string): NextStep {
  const { about } = state;
  if (about.needsApproval && state.approvedBy === null) return { kind: 'wait', for: 'approval', until: null };
  // Settling destroys nothing, so a hold does not stop it.
  if (state.doneSteps === 0) return { kind: 'do', step: 'TransactionsSettled' };
  if (state.holds.length > 0) return { kind: 'wait', for: 'hold', until: null };
  if (now < about.withdrawableUntil) return { kind: 'wait', for: 'withdrawal', until: about.withdrawableUntil };
  return { kind: 'do', step: 'DestructionBegun' };
}

function afterwards(state: Destroying, now: string): NextStep {
  const step = STEPS[state.doneSteps] ?? 'ErasureCertified';
  const waitsFor = unanswered(state);
  if (step !== 'ErasureKeyDestroyed' || waitsFor.length === 0 || !state.asked) return { kind: 'do', step };
  const until = state.asked.acknowledgeBy;
  return now < until ? { kind: 'wait', for: 'acknowledgements', until } : { kind: 'overdue', subscribers: waitsFor };
}

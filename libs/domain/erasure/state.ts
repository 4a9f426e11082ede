import type { ErasureEvent, ErasureStarted } from './events.ts';

/** The events that follow each other, in this order and no other. */
export const STEPS = [
  'TransactionsSettled',
  'DestructionBegun',
  'IndexCleared',
  'ViewsPurged',
  'LastMessageSent',
  'KeysDestroyed',
  'StreamPruned',
  'TombstonesPublished',
  'ErasureKeyDestroyed',
  'ErasureCertified',
] as const satisfies readonly ErasureEvent['type'][];
export type Step = (typeof STEPS)[number];

interface Begun {
  /** As it was started: reason, who asked, due dates, commitment, hash of the receipt. */
  readonly about: ErasureStarted['clear'];
  readonly startedAt: string;
  readonly approvedBy: string | null;
  readonly holds: readonly string[];
  readonly releasedHolds: readonly string[];
  readonly doneSteps: number;
}
/** Until DestructionBegun: it may be approved, refused, withdrawn, held. */
export interface Pending extends Begun {
  readonly status: 'pending';
}
export interface Destroying extends Begun {
  readonly status: 'destroying';
  /** Once the tombstones are out: who has to acknowledge, and by when. */
  readonly asked: {
    readonly subscribers: readonly string[];
    readonly acknowledgeBy: string;
    readonly acknowledged: readonly string[];
    readonly overdue: readonly string[];
  } | null;
}
export interface Certified extends Omit<Destroying, 'status'> {
  readonly status: 'certified';
  readonly certificate: string;
}
export interface RefusedErasure extends Begun {
  readonly status: 'refused';
  readonly by: string;
}
export interface WithdrawnErasure extends Begun {
  readonly status: 'withdrawn';
  readonly by: string;
}
export type ErasureState =
  { readonly status: 'unknown' } | Pending | Destroying | Certified | RefusedErasure | WithdrawnErasure;

export const unknown: ErasureState = { status: 'unknown' };

export function isDone(state: { readonly doneSteps: number }, step: Step): boolean {
  return STEPS.indexOf(step) < state.doneSteps;
}

/** Who has neither acknowledged nor let the last day pass. */
export function unanswered(state: Destroying): readonly string[] {
  const { asked } = state;
  if (!asked) return [];
  return asked.subscribers.filter((one) => !asked.acknowledged.includes(one) && !asked.overdue.includes(one));
}

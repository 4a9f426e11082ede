import { nextStep } from '#libs/domain/erasure/next-step.ts';
import { isDone, STEPS, unanswered, type Step } from '#libs/domain/erasure/state.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Page, Paging } from '#libs/views/port.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { aboutErasure, loadErasure, type Known } from '../erasure/about.ts';
import { recordLook } from '../look/record.ts';

/** How an erasure stands, without a word of whose it is. */
export interface ErasureShown {
  readonly erasure: string;
  readonly state: Known['status'];
  readonly reason: string;
  readonly startedAt: string;
  readonly dueBy: string;
  readonly overdue: boolean;
  readonly withdrawableUntil: string;
  readonly needsApproval: boolean;
  readonly requestedBy?: string;
  readonly approvedBy?: string;
  readonly holds: readonly string[];
  readonly done: readonly Step[];
  /** What comes next, or what it waits for, and until when where time ends it. */
  readonly waitsFor?: string;
  readonly until?: string;
  readonly subscribers?: {
    readonly acknowledgeBy: string;
    readonly acknowledged: readonly string[];
    readonly waiting: readonly string[];
    readonly overdue: readonly string[];
  };
  readonly certificate?: string;
}

/** Soonest due first: those in progress, or (`over`) those that ended. Found by the view, told by their own streams. */
export async function listErasures(
  deps: Deps,
  query: Paging & { readonly over?: boolean },
): Promise<Page<ErasureShown>> {
  const page = await deps.views.erasures.list(query);
  const items = await Promise.all(page.items.map(({ erasure }) => readErasure(deps, { erasure })));
  return { ...page, items };
}

export async function readErasure(deps: Deps, { erasure }: { readonly erasure: string }): Promise<ErasureShown> {
  const { state } = await loadErasure(deps, erasure);
  return shown(erasure, state, isoNow(deps.clock));
}

/** Whose it is, for the one who is to approve it: a look at the member. Missing once nobody can tell. */
export async function lookAtErasure(
  deps: Deps,
  { caller, erasure, reason }: { readonly caller: PrincipalCaller; readonly erasure: string; readonly reason: string },
): Promise<ErasureShown & { readonly oneId?: string }> {
  const { stream, state } = await loadErasure(deps, erasure);
  const told = shown(erasure, state, isoNow(deps.clock));
  const about = state.status === 'pending' ? await aboutErasure(deps, stream) : undefined;
  if (about === undefined) return told;
  await recordLook(deps, { caller, oneId: about.oneId, reason, askedFor: 'erasure' });
  return { ...told, oneId: about.oneId };
}

function shown(erasure: string, state: Known, now: string): ErasureShown {
  const { reason, dueBy, withdrawableUntil, needsApproval, requestedBy } = state.about;
  const isOpen = state.status === 'pending' || state.status === 'destroying';
  return {
    ...{ erasure, state: state.status, reason, startedAt: state.startedAt, dueBy, overdue: isOpen && now > dueBy },
    ...{ withdrawableUntil, needsApproval, holds: state.holds },
    ...(requestedBy === '' ? {} : { requestedBy }),
    ...(state.approvedBy === null ? {} : { approvedBy: state.approvedBy }),
    done: STEPS.filter((step) => isDone(state, step)),
    ...waiting(state, now),
    ...asked(state),
    ...(state.status === 'certified' ? { certificate: state.certificate } : {}),
  };
}

function waiting(state: Known, now: string): Pick<ErasureShown, 'waitsFor' | 'until'> {
  const next = nextStep(state, now);
  if (next.kind === 'do') return { waitsFor: next.step };
  if (next.kind === 'overdue') return { waitsFor: 'acknowledgements' };
  if (next.kind === 'ended') return {};
  return { waitsFor: next.for, ...(next.until === null ? {} : { until: next.until }) };
}

function asked(state: Known): Pick<ErasureShown, 'subscribers'> {
  if ((state.status !== 'destroying' && state.status !== 'certified') || state.asked === null) return {};
  const { acknowledgeBy, acknowledged, overdue } = state.asked;
  const waits = state.status === 'destroying' ? unanswered(state) : [];
  return { subscribers: { acknowledgeBy, acknowledged, overdue, waiting: waits } };
}

import type { ChangeKind } from '#libs/domain/one-id/events.ts';
import type { MemberCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { ownOneId } from '../one-id/own.ts';
import { confirmationCode } from './confirmation-code.ts';

export interface ChangeShown {
  readonly change: string;
  readonly kind: ChangeKind;
  /** The phone concerned, by its reference. */
  readonly phone?: string;
  readonly state: 'waiting' | 'effective' | 'withdrawn';
  readonly takesEffectAt?: string;
  readonly confirmationCode?: string;
  /** When it ended, one way or the other. */
  readonly settledAt?: string;
}

/** What waits, soonest first, then the last that ended. */
export async function listChanges(
  deps: Deps,
  { caller }: { readonly caller: MemberCaller },
): Promise<{ items: readonly ChangeShown[] }> {
  const { stream, state } = await ownOneId(deps, caller);
  const phoneOf = (target: string): { phone?: string } => (target === '' ? {} : { phone: target });
  const waiting = state.waitingChanges.map(({ change, kind, target, takesEffectAt }): ChangeShown => {
    const code = confirmationCode(deps, stream, change);
    return { change, kind, ...phoneOf(target), state: 'waiting', takesEffectAt, confirmationCode: code };
  });
  const settled = state.settledChanges.map(({ change, kind, target, outcome, at }): ChangeShown => {
    return { change, kind, ...phoneOf(target), state: outcome, settledAt: at };
  });
  waiting.sort((a, b) => (a.takesEffectAt! < b.takesEffectAt! ? -1 : 1));
  return { items: [...waiting, ...settled.reverse()] };
}

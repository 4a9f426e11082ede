import type { Paging } from '#libs/views/port.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { erasures } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { activeSubscriber } from './follow.ts';

export interface ErasureToAcknowledge {
  readonly erasure: string;
  readonly acknowledgeBy: string;
}

/** What this subscriber still owes, also past its last day, by the soonest due date of the erasures: found by the view, told by their own streams. */
export async function erasuresToAcknowledge(
  deps: Deps,
  { caller, ...paging }: Paging & { readonly caller: PrincipalCaller },
): Promise<{ items: readonly ErasureToAcknowledge[]; next?: string }> {
  const { subscriber } = await activeSubscriber(deps, caller);
  const { items, ...more } = await deps.views.erasures.list(paging);
  const asked = items.filter((row) => row.subscribers.includes(subscriber));
  const owed = await Promise.all(asked.map(({ erasure }) => owes(deps, erasure, subscriber)));
  return { ...more, items: owed.flat() };
}

async function owes(deps: Deps, erasure: string, subscriber: string): Promise<ErasureToAcknowledge[]> {
  const { state } = await load(deps.ledger, erasures, `erasure-${erasure}`);
  const asked = state.status === 'destroying' ? state.asked : null;
  if (asked === null || !asked.subscribers.includes(subscriber) || asked.acknowledged.includes(subscriber)) return [];
  return [{ erasure, acknowledgeBy: asked.acknowledgeBy }];
}

import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';

/** The way to stop an announced change, as long as it waits. */
export async function withdrawChange(
  deps: Deps,
  { change, ...asking }: Asking & { readonly change: string },
): Promise<{ position: bigint }> {
  const { stream, state } = await ownOneId(deps, asking.caller);
  const kind = [...state.waitingChanges, ...state.settledChanges].find((one) => one.change === change)?.kind;
  const command = { type: 'WithdrawChange', at: isoNow(deps.clock), change } as const;
  const { position } = await decideOnce(deps, asking, command, { type: 'ChangeWithdrawn', change });
  if (kind !== undefined) await tell(deps, stream, `change-withdrawn/${change}`, 'change-withdrawn', { change: kind });
  return { position };
}

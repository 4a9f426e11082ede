import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';

/** The palm identifies nobody any more, and its key goes. The last usable palm stays (`last-palm`). */
export async function removePalm(
  deps: Deps,
  { palm, ...asking }: Asking & { readonly palm: string },
): Promise<{ position: bigint }> {
  const { stream, state } = await ownOneId(deps, asking.caller);
  const held = state.palms.find((one) => one.palm === palm);
  const at = isoNow(deps.clock);
  const { position } = await decideOnce(deps, asking, { type: 'RemovePalm', at, palm }, { type: 'PalmRemoved', palm });
  if (held !== undefined) await tell(deps, stream, `palm-removed/${palm}`, 'palm-removed', { hand: held.hand, at });
  return { position };
}

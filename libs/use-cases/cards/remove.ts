import { isoNow } from '#libs/runtime/clock.ts';
import { tell } from '../contacts/tell.ts';
import type { Deps } from '../deps.ts';
import { findItem } from '../one-id/items.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';
import { ownOneId } from '../one-id/own.ts';

/** The card goes, and its key with it as soon as no open transaction needs it. The last card stays (`last-card`). */
export async function removeCard(
  deps: Deps,
  { card, ...asking }: Asking & { readonly card: string },
): Promise<{ position: bigint }> {
  const { stream, places } = await ownOneId(deps, asking.caller);
  const sealed = await findItem(deps, stream, places, card);
  const at = isoNow(deps.clock);
  const { position } = await decideOnce(deps, asking, { type: 'RemoveCard', at, card }, { type: 'CardRemoved', card });
  if (sealed !== undefined) {
    const values = { brand: sealed['brand'] as string, lastFour: sealed['lastFour'] as string, at };
    await tell(deps, stream, `card-removed/${card}`, 'card-removed', values);
  }
  return { position };
}

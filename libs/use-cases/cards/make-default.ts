import { isoNow } from '#libs/runtime/clock.ts';
import type { Deps } from '../deps.ts';
import { decideOnce, type Asking } from '../one-id/once.ts';

/** From now on the palm pays with this card. */
export async function makeCardDefault(
  deps: Deps,
  { card, ...asking }: Asking & { readonly card: string },
): Promise<{ position: bigint }> {
  const command = { type: 'MakeCardDefault', at: isoNow(deps.clock), card } as const;
  const { position } = await decideOnce(deps, asking, command, { type: 'CardMadeDefault', card });
  return { position };
}

import { isLiving } from '#libs/domain/one-id/state.ts';
import { topicsOfOneIds } from '#libs/domain/subscriber/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { recordLook } from '../look/record.ts';
import { pseudonymFor } from '../one-id/pseudonym.ts';
import { oneIds } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { activeSubscriber } from './follow.ts';

/** As whom a subscriber knows members: a merchant's services share the merchant's own pseudonyms. */
export function partyOf(subscriber: string, { merchant }: { readonly merchant?: string }): string {
  return merchant === undefined ? `subscriber-${subscriber}` : `merchant-${merchant}`;
}

export interface ReadPseudonym {
  readonly caller: PrincipalCaller;
  readonly oneId: string;
  readonly reason: string;
}

/**
 * The subscriber's own pseudonym of a member: a look that the member sees. Only for who follows a topic that names One IDs;
 * for everybody else there is no such member. Who leaves is no longer given away.
 */
export async function memberPseudonym(
  deps: Deps,
  { caller, oneId, reason }: ReadPseudonym,
): Promise<{ pseudonym: string; position: bigint }> {
  const { subscriber, state: subscription } = await activeSubscriber(deps, caller);
  if (!subscription.topics.some((topic) => topicsOfOneIds.includes(topic)))
    throw new Refused('pseudonym-not-for-it', 'This subscriber follows no topic that names One IDs.', 'forbidden');
  const { state } = await load(deps.ledger, oneIds, `oneId-${oneId}`);
  if (!isLiving(state) || state.status === 'leaving')
    throw new Refused('one-id-unknown', 'There is no such One ID.', 'missing');
  const { position } = await recordLook(deps, { caller, oneId, reason, askedFor: 'pseudonym' });
  return { pseudonym: await pseudonymFor(deps.keyring, oneId, partyOf(subscriber, subscription)), position };
}

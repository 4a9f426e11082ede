import { Refused } from '#libs/domain/refused.ts';
import { isoNow } from '#libs/runtime/clock.ts';
import type { Page, Paging } from '#libs/views/port.ts';
import type { SubscriberRow } from '#libs/views/rows.ts';
import { whoOf, type PrincipalCaller } from '../callers.ts';
import { claim, type Request } from '../claim/claim.ts';
import { decideOnceOn } from '../claim/decide-once.ts';
import type { Deps } from '../deps.ts';
import { merchants, subscribers } from '../stream/aggregates.ts';
import { decideOn } from '../stream/decide.ts';
import { load } from '../stream/load.ts';

interface Asked {
  readonly caller: PrincipalCaller;
  readonly request: Request;
}
interface Subscription {
  /** Of `topics` in libs/domain/subscriber/state.ts. */
  readonly topics: readonly string[];
  /** Each erasure waits for it, up to a last day. */
  readonly acknowledgesErasures: boolean;
}
export interface RegisterSubscriber extends Asked, Subscription {
  readonly name: string;
  /** Whose service it is; it then sees this merchant's messages alone. Nobody's: one of the house's own. */
  readonly merchant?: string | undefined;
}

/** A service that follows topics. Its people and tokens are principals with role service for it. */
export async function registerSubscriber(
  deps: Deps,
  input: RegisterSubscriber,
): Promise<{ subscriber: string; position: bigint }> {
  const { caller, request, name, merchant, topics, acknowledgesErasures } = input;
  const who = whoOf(caller);
  const of = merchant === undefined ? {} : { merchant };
  const { plan } = await claim(deps, request, who, async () => {
    if (merchant !== undefined) await requireMerchant(deps, merchant);
    const [subscriber] = await deps.keyring.reserve('subscriber');
    return { subscriber: subscriber! };
  });
  const about = { name, ...of, topics, acknowledgesErasures };
  const command = { type: 'RegisterSubscriber', at: isoNow(deps.clock), ...about } as const;
  const { position } = await decideOn(deps, subscribers, `subscriber-${plan.subscriber}`, command, who);
  return { subscriber: plan.subscriber, position };
}

export async function changeSubscription(
  deps: Deps,
  { caller, request, subscriber, topics, acknowledgesErasures }: Asked & Subscription & { readonly subscriber: string },
): Promise<{ position: bigint }> {
  const command = { type: 'ChangeSubscription', at: isoNow(deps.clock), topics, acknowledgesErasures } as const;
  const stream = `subscriber-${subscriber}`;
  const once = { aggregate: subscribers, stream, command, told: { type: 'SubscriptionChanged' } };
  const { position } = await decideOnceOn(deps, request, whoOf(caller), once);
  return { position };
}

/** It follows nothing from now on, and no erasure waits for it. */
export async function retireSubscriber(
  deps: Deps,
  { caller, request, subscriber, reason }: Asked & { readonly subscriber: string; readonly reason: string },
): Promise<{ position: bigint }> {
  const command = { type: 'RetireSubscriber', at: isoNow(deps.clock), reason } as const;
  const stream = `subscriber-${subscriber}`;
  const once = { aggregate: subscribers, stream, command, told: { type: 'SubscriberRetired' } };
  const { position } = await decideOnceOn(deps, request, whoOf(caller), once);
  return { position };
}

export async function listSubscribers(deps: Deps, paging: Paging): Promise<Page<Omit<SubscriberRow, 'sequence'>>> {
  const page = await deps.views.subscribers.list(paging);
  return { ...page, items: page.items.map(({ sequence: _sequence, ...row }) => row) };
}

async function requireMerchant(deps: Deps, merchant: string): Promise<void> {
  const { state } = await load(deps.ledger, merchants, `merchant-${merchant}`);
  if (state.phase === 'none') throw new Refused('merchant-not-found', 'There is no such merchant.', 'missing');
}

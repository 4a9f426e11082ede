import { fold } from '#libs/domain/decider.ts';
import type { Folded } from '#libs/domain/event.ts';
import type { SubscriberEvent } from '#libs/domain/subscriber/events.ts';
import { subscriberDecider } from '#libs/domain/subscriber/decider.ts';
import { foldedOf } from '#libs/event-codec/codec.ts';
import type { Ledger } from '#libs/ledger/port.ts';
import { partyOf } from '#libs/use-cases/subscriber/pseudonym.ts';
import { sealedIn } from '#libs/use-cases/erasure/about.ts';
import type { WorkflowDeps } from '../deps.ts';
import { readTypes } from '../read-types.ts';
import { recordStep } from './record.ts';

const TYPES = ['SubscriberRegistered', 'SubscriptionChanged', 'SubscriberRetired'];
const DAY_MS = 86_400_000;

export interface Acknowledging {
  readonly subscriber: string;
  /** Under which name it knows a member: a merchant's services know the merchant's pseudonym. */
  readonly party: string;
}

/** The registered subscribers that have to acknowledge erasures, from the ledger itself: no view decides who is asked. */
export async function acknowledging(ledger: Pick<Ledger, 'readAll' | 'head'>): Promise<readonly Acknowledging[]> {
  const events = new Map<string, Folded<SubscriberEvent>[]>();
  for await (const record of readTypes(ledger, TYPES, await ledger.head())) {
    const subscriber = record.stream.slice('subscriber-'.length);
    events.set(subscriber, [...(events.get(subscriber) ?? []), foldedOf<SubscriberEvent>(record)]);
  }
  return [...events].flatMap(([subscriber, past]) => {
    const state = fold(subscriberDecider, past);
    if (state.phase !== 'active' || !state.acknowledgesErasures) return [];
    return [{ subscriber, party: partyOf(subscriber, state) }];
  });
}

/** The tombstone is out and has been taken: each subscriber that knew the member is asked, with a last day. */
export async function publishTombstones(deps: WorkflowDeps, erasure: string): Promise<void> {
  const known = (await sealedIn(deps, erasure, 'DestructionBegun'))?.pseudonyms ?? {};
  const active = await acknowledging(deps.ledger);
  const subscribers = active.map(({ subscriber }) => subscriber).filter((one) => known[one] !== undefined);
  const until = deps.clock.now().getTime() + deps.policy.acknowledgeDays * DAY_MS;
  const acknowledgeBy = new Date(until).toISOString();
  await recordStep(deps, erasure, { type: 'RecordTombstonesPublished', subscribers, acknowledgeBy });
}

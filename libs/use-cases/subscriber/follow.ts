import { follows, isTopic, type SubscriberState } from '#libs/domain/subscriber/state.ts';
import { Refused } from '#libs/domain/refused.ts';
import { hasRole } from '#libs/domain/principal/state.ts';
import { cursorFrom } from '#libs/topics/cursor.ts';
import { NotACursor } from '#libs/topics/errors.ts';
import type { Cursor, Topic } from '#libs/topics/port.ts';
import { sseFrames } from '#libs/topics/sse.ts';
import type { PrincipalCaller } from '../callers.ts';
import type { Deps } from '../deps.ts';
import { principals, subscribers } from '../stream/aggregates.ts';
import { load } from '../stream/load.ts';
import { topicsOfMerchant } from './of-merchant.ts';

export interface FollowTopic {
  readonly caller: PrincipalCaller;
  readonly topic: string;
  /** `id` of the last event that was taken; the beginning without it. */
  readonly after?: string | undefined;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  /** How often it is looked at whether the subscriber may still follow (10 s). */
  readonly everyMs?: number;
}

/**
 * A topic as server-sent events. Throws `topic-not-followed` where the subscriber is not registered for it. Who loses the
 * right meanwhile, or is retired, is cut off, since a stream would otherwise outlive what let it in.
 */
export async function followTopic(deps: Deps, input: FollowTopic): Promise<AsyncGenerator<string>> {
  const { caller, everyMs = 10_000 } = input;
  const after = cursorOf(input.after);
  const { topic, state } = await requireFollowed(deps, caller, input.topic);
  const topics = state.merchant === undefined ? deps.topics : topicsOfMerchant(deps.topics, state.merchant);
  return watched(deps, caller, topic, everyMs, input.signal, (signal) =>
    sseFrames({ topics, follow: [topic], after, signal }),
  );
}

/** The last position of each partition, for who asks how far behind it is. */
export async function topicPositions(
  deps: Deps,
  { caller, topic: wanted }: { readonly caller: PrincipalCaller; readonly topic: string },
): Promise<{ topic: string; positions: Readonly<Record<string, string>> }> {
  const { topic } = await requireFollowed(deps, caller, wanted);
  const positions = [...(await deps.topics.positions(topic))].map(([one, last]) => [String(one), last.toString()]);
  return { topic, positions: Object.fromEntries(positions) as Record<string, string> };
}

type Active = Extract<SubscriberState, { phase: 'active' }>;

/** The subscriber for whom the caller acts, while it is registered. Throws `subscriber-retired`. */
export async function activeSubscriber(
  deps: Pick<Deps, 'ledger'>,
  { subscriber }: PrincipalCaller,
): Promise<{ subscriber: string; state: Active }> {
  if (subscriber === undefined) throw new Refused('not-allowed', 'This is for services.', 'forbidden');
  const { state } = await load(deps.ledger, subscribers, `subscriber-${subscriber}`);
  if (state.phase === 'active') return { subscriber, state };
  throw new Refused('subscriber-retired', 'The subscriber was retired.', 'gone');
}

async function requireFollowed(
  deps: Pick<Deps, 'ledger'>,
  caller: PrincipalCaller,
  topic: string,
): Promise<{ topic: Topic; state: Active }> {
  if (!isTopic(topic)) throw new Refused('topic-unknown', 'There is no such topic.', 'missing');
  const { state } = await activeSubscriber(deps, caller);
  if (follows(state, topic)) return { topic, state };
  throw new Refused('topic-not-followed', 'The subscriber is not registered for this topic.', 'forbidden');
}

function cursorOf(after: string | undefined): Cursor | 'beginning' {
  if (after === undefined || after === '') return 'beginning';
  try {
    return cursorFrom(after);
  } catch (error) {
    if (!(error instanceof NotACursor)) throw error;
    throw new Refused('cursor-invalid', 'that is no position of these topics', 'invalid');
  }
}

async function* watched(
  deps: Deps,
  caller: PrincipalCaller,
  topic: Topic,
  everyMs: number,
  connection: AbortSignal,
  frames: (signal: AbortSignal) => AsyncGenerator<string>,
): AsyncGenerator<string> {
  const lost = new AbortController();
  const look = (): void =>
    void mayStill(deps, caller, topic).then(
      (still) => still || lost.abort(),
      () => lost.abort(),
    );
  const timer = setInterval(look, everyMs);
  timer.unref();
  try {
    yield* frames(AbortSignal.any([connection, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}

async function mayStill(deps: Pick<Deps, 'ledger'>, caller: PrincipalCaller, topic: Topic): Promise<boolean> {
  const [{ state: subscriber }, { state: principal }] = await Promise.all([
    load(deps.ledger, subscribers, `subscriber-${caller.subscriber}`),
    load(deps.ledger, principals, `principal-${caller.principal}`),
  ]);
  if (!follows(subscriber, topic) || !hasRole(principal, 'service') || principal.phase !== 'present') return false;
  return principal.grants.some((grant) => grant.role === 'service' && grant.subscriber === caller.subscriber);
}

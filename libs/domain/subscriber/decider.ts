import type { Decider } from '../decider.ts';
import type { Folded } from '../event.ts';
import { never, Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { ChangeSubscription, RegisterSubscriber, RetireSubscriber, SubscriberCommand } from './commands.ts';
import type { SubscriberEvent } from './events.ts';
import { isTopic, noSubscriber, topics as known, topicsOfOneIds } from './state.ts';
import type { SubscriberState } from './state.ts';

export const subscriberDecider: Decider<SubscriberState, SubscriberCommand, SubscriberEvent> = {
  initialState: noSubscriber,
  evolve,
  decide,
};

function evolve(state: SubscriberState, event: Folded<SubscriberEvent>): SubscriberState {
  switch (event.type) {
    case 'SubscriberRegistered':
      return state.phase === 'none'
        ? { ...event.clear, phase: 'active', topics: event.clear.topics.filter(isTopic) }
        : state;
    case 'SubscriptionChanged':
      return state.phase === 'active'
        ? { ...state, ...event.clear, topics: event.clear.topics.filter(isTopic) }
        : state;
    case 'SubscriberRetired':
      return state.phase === 'active' ? { ...state, phase: 'retired', reason: event.clear.reason } : state;
    default:
      return never(event);
  }
}

function decide(command: SubscriberCommand, state: SubscriberState): readonly SubscriberEvent[] {
  switch (command.type) {
    case 'RegisterSubscriber':
      return register(command, state);
    case 'ChangeSubscription':
      return change(command, state);
    case 'RetireSubscriber':
      return retire(command, state);
    default:
      return never(command);
  }
}

function register(command: RegisterSubscriber, state: SubscriberState): readonly SubscriberEvent[] {
  const { name, merchant, acknowledgesErasures } = command;
  if (state.phase === 'retired') throw retired();
  if (state.phase === 'active') {
    if (state.name === name && state.merchant === merchant && sameSubscription(command, state)) return [];
    throw new Refused('subscriber-already-registered', 'The subscriber is registered otherwise.');
  }
  requireText('name', name);
  const topics = topicsFor(command, merchant);
  return [
    {
      type: 'SubscriberRegistered',
      clear: { name, ...(merchant === undefined ? {} : { merchant }), topics, acknowledgesErasures },
    },
  ];
}

function change(command: ChangeSubscription, state: SubscriberState): readonly SubscriberEvent[] {
  const { merchant, ...subscription } = requireActive(state);
  if (sameSubscription(command, subscription)) return [];
  const topics = topicsFor(command, merchant);
  return [{ type: 'SubscriptionChanged', clear: { topics, acknowledgesErasures: command.acknowledgesErasures } }];
}

function retire({ reason }: RetireSubscriber, state: SubscriberState): readonly SubscriberEvent[] {
  if (state.phase === 'retired') return [];
  requireActive(state);
  return [{ type: 'SubscriberRetired', clear: { reason } }];
}

interface Wanted {
  readonly topics: readonly string[];
  readonly acknowledgesErasures: boolean;
}

function sameSubscription(a: Wanted, b: Wanted): boolean {
  return a.acknowledgesErasures === b.acknowledgesErasures && listed(a.topics) === listed(b.topics);
}

function listed(topics: readonly string[]): string {
  return [...new Set(topics)].sort().join();
}

function topicsFor({ topics, acknowledgesErasures }: Wanted, merchant: string | undefined): readonly string[] {
  const wanted = [...new Set(topics)];
  if (wanted.length === 0 || !wanted.every(isTopic))
    throw new Refused('invalid-topics', `A subscriber follows some of these: ${known.join(', ')}.`, 'invalid');
  if (merchant !== undefined && wanted.some((topic) => topicsOfOneIds.includes(topic)))
    throw new Refused('topic-not-for-merchants', 'A merchant follows no topic that names One IDs.', 'forbidden');
  if (acknowledgesErasures && !wanted.includes('erasures'))
    throw new Refused('erasures-not-followed', 'Who acknowledges erasures follows their topic.', 'invalid');
  return wanted;
}

function requireActive(state: SubscriberState): Extract<SubscriberState, { phase: 'active' }> {
  if (state.phase === 'none') throw new Refused('subscriber-not-found', 'There is no such subscriber.', 'missing');
  if (state.phase === 'retired') throw retired();
  return state;
}

function retired(): Refused {
  return new Refused('subscriber-retired', 'The subscriber was retired.', 'gone');
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '#libs/testing/given.ts';
import { live } from '#libs/testing/life.ts';
import type { ChangeSubscription, RegisterSubscriber, SubscriberCommand } from './commands.ts';
import { subscriberDecider } from './decider.ts';
import type { SubscriberEvent } from './events.ts';
import { follows } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const register: RegisterSubscriber = {
  type: 'RegisterSubscriber',
  at: now,
  name: 'Bonus points',
  topics: ['purchases', 'erasures'],
  acknowledgesErasures: true,
};
const change: ChangeSubscription = {
  type: 'ChangeSubscription',
  at: now,
  topics: ['visits'],
  acknowledgesErasures: false,
};
const retire: SubscriberCommand = { type: 'RetireSubscriber', at: now, reason: 'replaced' };

const registered: SubscriberEvent = {
  type: 'SubscriberRegistered',
  clear: { name: 'Bonus points', topics: ['purchases', 'erasures'], acknowledgesErasures: true },
};
const changed: SubscriberEvent = {
  type: 'SubscriptionChanged',
  clear: { topics: ['visits'], acknowledgesErasures: false },
};
const retired: SubscriberEvent = { type: 'SubscriberRetired', clear: { reason: 'replaced' } };
const subscriber = (...past: SubscriberEvent[]) => given(subscriberDecider, ...past);

describe('A subscriber', () => {
  it('is registered once', () => {
    subscriber().when(register).then(registered);
    subscriber(registered)
      .when({ ...register, topics: ['erasures', 'purchases', 'purchases'] })
      .thenNothing();
    subscriber(registered)
      .when({ ...register, name: 'Other' })
      .thenRefused('subscriber-already-registered');
    subscriber()
      .when({ ...register, name: '' })
      .thenRefused('invalid-name');
  });
  it('follows topics that there are', () => {
    for (const topics of [[], ['gossip']])
      subscriber()
        .when({ ...register, topics })
        .thenRefused('invalid-topics');
    subscriber(registered)
      .when({ ...change, topics: ['gossip'] })
      .thenRefused('invalid-topics');
    expect(follows(subscriber(registered).state, 'purchases')).toBe(true);
    expect(follows(subscriber(registered).state, 'visits')).toBe(false);
    expect(follows(subscriber(registered, retired).state, 'purchases')).toBe(false);
  });
  it('hears of the erasures that it acknowledges', () => {
    subscriber()
      .when({ ...register, topics: ['purchases'] })
      .thenRefused('erasures-not-followed');
    subscriber(registered)
      .when({ ...change, acknowledgesErasures: true })
      .thenRefused('erasures-not-followed');
  });
  it("that is a merchant's follows no topic that names One IDs", () => {
    const forMerchant = { ...register, merchant: 'm1' };
    subscriber()
      .when(forMerchant)
      .then({ ...registered, clear: { ...registered.clear, merchant: 'm1' } });
    subscriber()
      .when({ ...forMerchant, topics: ['one-ids', 'erasures'] })
      .thenRefused('topic-not-for-merchants');
    subscriber({ ...registered, clear: { ...registered.clear, merchant: 'm1' } })
      .when({ ...change, topics: ['one-id-changes'] })
      .thenRefused('topic-not-for-merchants');
  });
  it('changes what it follows', () => {
    subscriber(registered).when(change).then(changed);
    subscriber(registered, changed).when(change).thenNothing();
    subscriber().when(change).thenRefused('subscriber-not-found');
  });
  it('retires for good', () => {
    subscriber(registered).when(retire).then(retired);
    subscriber(registered, retired).when(retire).thenNothing();
    subscriber(registered, retired).when(change).thenRefused('subscriber-retired');
    subscriber(registered, retired).when(register).thenRefused('subscriber-retired');
    subscriber().when(retire).thenRefused('subscriber-not-found');
  });
});

describe('In any life of a subscriber', () => {
  it('a repeated command decides nothing', () => {
    const anything = fc.constantFrom<SubscriberCommand>(register, change, retire, { ...change, topics: ['erasures'] });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 20 }), (commands) => {
        live(subscriberDecider, commands);
      }),
    );
  });
});

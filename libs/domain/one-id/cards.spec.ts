import { describe, expect, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { MOST_CARDS } from './cards.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { destructibleItems } from './state.ts';

const at = past.ten;
const sealed = { token: 't', brand: 'visa', lastFour: '0000', expiry: '12/30' };
const two = [...past.enrolled, past.card('card-2')];
const removed = (card: string): OneIdEvent => ({ type: 'CardRemoved', clear: { card } });

describe('cards', () => {
  it('the first becomes the default', () => {
    given(oneIdDecider, ...past.started)
      .when({ type: 'AddCard', at, card: 'card-1', sealed })
      .then(past.card('card-1'), past.defaultCard('card-1'));
  });
  it('another leaves the default where it is', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'AddCard', at, card: 'card-2', sealed })
      .then(past.card('card-2'));
  });
  it('added twice is added once', () => {
    given(oneIdDecider, ...two)
      .when({ type: 'AddCard', at, card: 'card-2', sealed })
      .thenNothing();
  });
  it('are ten at most', () => {
    const more = Array.from({ length: MOST_CARDS - 1 }, (_, index) => past.card(`more-${index}`));
    given(oneIdDecider, ...past.enrolled, ...more)
      .when({ type: 'AddCard', at, card: 'one-more', sealed })
      .thenRefused('too-many-cards');
  });
  it('another can be made the default, once', () => {
    given(oneIdDecider, ...two)
      .when({ type: 'MakeCardDefault', at, card: 'card-2' })
      .then(past.defaultCard('card-2'));
    given(oneIdDecider, ...two)
      .when({ type: 'MakeCardDefault', at, card: 'card-1' })
      .thenNothing();
    given(oneIdDecider, ...two)
      .when({ type: 'MakeCardDefault', at, card: 'none' })
      .thenRefused('card-unknown');
    given(oneIdDecider, ...two, removed('card-2'))
      .when({ type: 'MakeCardDefault', at, card: 'card-2' })
      .thenRefused('card-removed');
  });
  it('the default moves to the oldest other', () => {
    given(oneIdDecider, ...two, past.card('card-3'))
      .when({ type: 'RemoveCard', at, card: 'card-1' })
      .then(removed('card-1'), past.defaultCard('card-2'));
  });
  it('one that is not the default simply goes, once', () => {
    given(oneIdDecider, ...two)
      .when({ type: 'RemoveCard', at, card: 'card-2' })
      .then(removed('card-2'));
    given(oneIdDecider, ...two, removed('card-2'))
      .when({ type: 'RemoveCard', at, card: 'card-2' })
      .thenNothing();
  });
  it('the last stays, except while enrolling', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'RemoveCard', at, card: 'card-1' })
      .thenRefused('last-card');
    given(oneIdDecider, ...past.readyToComplete)
      .when({ type: 'RemoveCard', at, card: 'card-1' })
      .then(removed('card-1'));
  });
  it('the key of a removed one waits for the payments that were open then, and for no later one', () => {
    const during = given(oneIdDecider, ...two, past.opened(2, 'payment'), removed('card-2'), past.opened(3, 'payment'));
    expect(destructibleItems(during.state)).toEqual([]);
    during.when({ type: 'BeginKeyDestruction', at, scope: 'card-2' }).thenRefused('transactions-open');
    const after = given(
      oneIdDecider,
      ...two,
      past.opened(2, 'payment'),
      removed('card-2'),
      past.opened(3, 'payment'),
      past.closed(2),
    );
    after
      .when({ type: 'BeginKeyDestruction', at, scope: 'card-2' })
      .then({ type: 'KeyDestructionBegun', clear: { scope: 'card-2' } });
  });
});

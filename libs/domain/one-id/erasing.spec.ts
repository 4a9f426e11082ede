import { describe, expect, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { ErasureReason, OneIdEvent } from './events.ts';
import { destructibleItems } from './state.ts';

const at = past.ten;
const requested = (reason: ErasureReason): OneIdEvent => ({ type: 'ErasureRequested', clear: { reason } });
const begun = (scope: string): OneIdEvent => ({ type: 'KeyDestructionBegun', clear: { scope } });
const destroyed = (scope: string): OneIdEvent => ({ type: 'KeyDestroyed', clear: { scope, epoch: 7 } });
const erased: OneIdEvent = { type: 'OneIdErased', clear: {} };
const held: OneIdEvent = {
  type: 'LegalHoldPlaced',
  clear: { hold: 'hold-1' },
  sealed: { reason: 'r', authority: 'a' },
};
const released: OneIdEvent = { type: 'LegalHoldReleased', clear: { hold: 'hold-1' } };
const leaving = [...past.enrolled, requested('member')];
const begin = { type: 'BeginKeyDestruction', at, scope: 'all' } as const;
const record = { type: 'RecordKeyDestroyed', at, scope: 'all', epoch: 7 } as const;
const ask = { type: 'RequestErasure', at, reason: 'admin', sealed: past.erasure } as const;
const place = { type: 'PlaceLegalHold', at, hold: 'hold-1', sealed: { reason: 'r', authority: 'a' } } as const;

describe('asking for an erasure', () => {
  it('happens once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(ask)
      .then({ ...requested('admin'), sealed: past.erasure } as OneIdEvent);
    given(oneIdDecider, ...past.enrolled, requested('admin'))
      .when(ask)
      .thenNothing();
    given(oneIdDecider, ...leaving)
      .when(ask)
      .thenRefused('erasure-requested');
  });
  it('leaves open transactions to be settled', () => {
    given(oneIdDecider, ...past.enrolled, past.opened(2, 'payment'), requested('member'))
      .when(begin)
      .thenRefused('transactions-open');
    given(oneIdDecider, ...past.enrolled, past.opened(2, 'payment'), requested('member'), past.closed(2))
      .when(begin)
      .then(begun('all'));
  });
});

describe('withdrawing an erasure', () => {
  const withdraw = { type: 'WithdrawErasure', at, reason: 'member' } as const;
  const withdrawn: OneIdEvent = { type: 'ErasureWithdrawn', clear: { reason: 'member' } };
  it('is possible until the destruction begins, and makes it active again', () => {
    given(oneIdDecider, ...leaving)
      .when(withdraw)
      .then(withdrawn);
    expect(given(oneIdDecider, ...leaving, withdrawn).state.status).toBe('active');
    given(oneIdDecider, ...leaving, begun('all'))
      .when(withdraw)
      .thenRefused('one-id-closed');
  });
  it('twice is once; of none is refused', () => {
    given(oneIdDecider, ...leaving, withdrawn)
      .when(withdraw)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when(withdraw)
      .thenRefused('erasure-not-requested');
  });
});

describe('a legal hold', () => {
  const release = { type: 'ReleaseLegalHold', at, hold: 'hold-1' } as const;
  it('is placed and released once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(place)
      .then(held);
    given(oneIdDecider, ...past.enrolled, held)
      .when(place)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, held)
      .when(release)
      .then(released);
    given(oneIdDecider, ...past.enrolled, held, released)
      .when(release)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, held, released)
      .when(place)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when(release)
      .thenRefused('hold-unknown');
  });
  it('stops the destruction until the last is released', () => {
    given(oneIdDecider, ...leaving, held)
      .when(begin)
      .thenRefused('legal-hold');
    given(oneIdDecider, ...leaving, held, { type: 'LegalHoldPlaced', clear: { hold: 'hold-2' } }, released)
      .when(begin)
      .thenRefused('legal-hold');
    given(oneIdDecider, ...leaving, held, released)
      .when(begin)
      .then(begun('all'));
  });
  it('stops the destruction of a removed item, too', () => {
    const removed: OneIdEvent = { type: 'CardRemoved', clear: { card: 'card-2' } };
    const stopped = given(oneIdDecider, ...past.enrolled, past.card('card-2'), removed, held);
    stopped.when({ ...begin, scope: 'card-2' }).thenRefused('legal-hold');
    expect(destructibleItems(stopped.state)).toEqual([]);
  });
  it('comes too late once the destruction has begun', () => {
    given(oneIdDecider, ...leaving, begun('all'))
      .when(place)
      .thenRefused('one-id-closed');
  });
});

describe('the end of all keys', () => {
  it('is begun, done and closed, each once and in this order', () => {
    given(oneIdDecider, ...leaving)
      .when(begin)
      .then(begun('all'));
    const going = given(oneIdDecider, ...leaving, begun('all'));
    going.when(begin).thenNothing();
    going.when({ type: 'MarkErased', at }).thenRefused('key-not-destroyed');
    going.when(record).then(destroyed('all'));
    const done = given(oneIdDecider, ...leaving, begun('all'), destroyed('all'));
    done.when(record).thenNothing();
    done.when({ type: 'MarkErased', at }).then(erased);
    const closed = given(oneIdDecider, ...leaving, begun('all'), destroyed('all'), erased);
    closed.when(begin).thenNothing();
    closed.when(record).thenNothing();
    closed.when({ type: 'MarkErased', at }).thenNothing();
    expect(closed.state).toEqual({ status: 'erased' });
  });
  it('is asked for before', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(begin)
      .thenRefused('erasure-not-requested');
    given(oneIdDecider, ...leaving)
      .when(record)
      .thenRefused('destruction-not-begun');
    given(oneIdDecider, ...leaving)
      .when({ type: 'MarkErased', at })
      .thenRefused('key-not-destroyed');
  });
});

describe('the end of one item’s key', () => {
  const removed: OneIdEvent = { type: 'CardRemoved', clear: { card: 'card-2' } };
  const without = [...past.enrolled, past.card('card-2'), removed];
  const scope = 'card-2';
  it('follows its removal: begun, then done, each once', () => {
    given(oneIdDecider, ...without)
      .when({ ...begin, scope })
      .then(begun(scope));
    given(oneIdDecider, ...without)
      .when({ ...record, scope })
      .thenRefused('destruction-not-begun');
    const going = given(oneIdDecider, ...without, begun(scope));
    going.when({ ...begin, scope }).thenNothing();
    going.when({ ...record, scope }).then(destroyed(scope));
    const gone = given(oneIdDecider, ...without, begun(scope), destroyed(scope));
    gone.when({ ...begin, scope }).thenNothing();
    gone.when({ ...record, scope }).thenNothing();
    gone.when({ type: 'RemoveCard', at, card: scope }).thenNothing();
  });
  it('is found by a workflow until it is recorded', () => {
    expect(destructibleItems(given(oneIdDecider, ...without).state)).toMatchObject([{ ref: scope, begun: false }]);
    expect(destructibleItems(given(oneIdDecider, ...without, begun(scope)).state)).toMatchObject([
      { ref: scope, begun: true },
    ]);
    expect(destructibleItems(given(oneIdDecider, ...without, begun(scope), destroyed(scope)).state)).toEqual([]);
  });
  it('never comes to what is still held', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ ...begin, scope: 'card-1' })
      .thenRefused('item-not-removed');
  });
});

describe('a look', () => {
  const look = { type: 'RecordLook', at, sealed: { look: 'look-1' } } as const;
  it('is recorded in every standing until the destruction begins', () => {
    const event: OneIdEvent = { type: 'LookRecorded', clear: {}, sealed: { look: 'look-1' } };
    for (const standing of [past.started, past.enrolled, leaving])
      given(oneIdDecider, ...standing)
        .when(look)
        .then(event);
    given(oneIdDecider, ...leaving, begun('all'))
      .when(look)
      .thenRefused('one-id-closed');
    given(oneIdDecider).when(look).thenRefused('one-id-unknown');
  });
});

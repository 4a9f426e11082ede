import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';

const at = past.ten;
const reason = 'lost';
const event = (type: 'Paused' | 'Unpaused' | 'Suspended' | 'Resumed'): OneIdEvent => ({ type, clear: { reason } });

describe('pausing and suspending', () => {
  it('each happens once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'Pause', at, reason })
      .then(event('Paused'));
    given(oneIdDecider, ...past.enrolled, event('Paused'))
      .when({ type: 'Pause', at, reason })
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'Suspend', at, reason })
      .then(event('Suspended'));
    given(oneIdDecider, ...past.enrolled, event('Suspended'))
      .when({ type: 'Suspend', at, reason })
      .thenNothing();
  });
  it('each is undone once', () => {
    given(oneIdDecider, ...past.enrolled, event('Paused'))
      .when({ type: 'Unpause', at, reason })
      .then(event('Unpaused'));
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'Unpause', at, reason })
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, event('Suspended'))
      .when({ type: 'Resume', at, reason })
      .then(event('Resumed'));
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'Resume', at, reason })
      .thenNothing();
  });
  it('are two locks: the member’s key does not open the admin’s', () => {
    const both = [...past.enrolled, event('Paused'), event('Suspended')];
    given(oneIdDecider, ...both, event('Unpaused'))
      .when(past.open())
      .thenRefused('one-id-suspended');
    given(oneIdDecider, ...both, event('Resumed'))
      .when(past.open())
      .thenRefused('one-id-paused');
  });
  it('an admin may suspend who is leaving, and finds it suspended if it comes back', () => {
    const leaving: OneIdEvent = { type: 'ErasureRequested', clear: { reason: 'member' } };
    given(oneIdDecider, ...past.enrolled, leaving)
      .when({ type: 'Suspend', at, reason })
      .then(event('Suspended'));
    given(oneIdDecider, ...past.enrolled, leaving, event('Suspended'), {
      type: 'ErasureWithdrawn',
      clear: { reason: 'member' },
    })
      .when(past.open())
      .thenRefused('one-id-suspended');
  });
  it('a member pauses what is active', () => {
    given(oneIdDecider, ...past.readyToComplete)
      .when({ type: 'Pause', at, reason })
      .thenRefused('enrolment-not-completed');
  });
});

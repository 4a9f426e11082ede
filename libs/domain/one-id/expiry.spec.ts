import { describe, expect, it } from '@jest/globals';
import { at, given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { expiresOn, expiryLookedAtOn, expiryStep } from './expiry.ts';
import { isLiving, type OneIdState } from './state.ts';

const on = '2028-03-01T09:00:00.000Z';
const sixtyDaysBefore = '2028-01-01T09:00:00.000Z';
const sevenDaysBefore = '2028-02-23T09:00:00.000Z';
const warned = (time: string, expires = on) =>
  at<OneIdEvent>(time, { type: 'ExpiryWarned', clear: { expiresOn: expires } });
const twice = [...past.enrolled, warned(sixtyDaysBefore), warned(sevenDaysBefore)];
const warn = (time: string) => ({ type: 'WarnOfExpiry', at: time }) as const;
const expire = (time: string) => ({ type: 'Expire', at: time }) as const;
const ended = (state: OneIdState) => (isLiving(state) ? expiresOn(state) : 'not there');

describe('a One ID expires', () => {
  it('two calendar years after a device last saw the person', () => {
    expect(ended(given(oneIdDecider, ...past.enrolled).state)).toBe(on);
    const used = given(oneIdDecider, ...past.enrolled, at('2027-07-31T23:59:59.999Z', past.opened(2, 'check')));
    expect(ended(used.state)).toBe('2029-07-31T23:59:59.999Z');
  });
  it('from 29 February to 28 February, in UTC', () => {
    const leap = given(oneIdDecider, ...past.enrolled, at('2028-02-29T23:30:00.000Z', past.opened(2, 'check')));
    expect(ended(leap.state)).toBe('2030-02-28T23:30:00.000Z');
  });
  it('counted from devices alone: what is done by code does not count', () => {
    const byCode = given(oneIdDecider, ...past.enrolled, at('2027-01-01T00:00:00.000Z', past.card('card-2')));
    expect(ended(byCode.state)).toBe(on);
    const palm = given(oneIdDecider, ...past.enrolled, at('2027-01-01T00:00:00.000Z', past.palm('right-1', 'right')));
    expect(ended(palm.state)).toBe('2029-01-01T00:00:00.000Z');
  });
  it('after a clock that was set back, from the latest moment', () => {
    const back = given(oneIdDecider, ...past.enrolled, at('2020-01-01T00:00:00.000Z', past.opened(2, 'check')));
    expect(ended(back.state)).toBe(on);
  });
  it('once it is due, and once', () => {
    given(oneIdDecider, ...twice)
      .when(expire(on))
      .then({ type: 'OneIdExpired', clear: { expiresOn: on } });
    given(oneIdDecider, ...twice)
      .when(expire('2028-03-01T08:59:59.999Z'))
      .thenNothing();
    given(oneIdDecider, ...twice, { type: 'OneIdExpired', clear: { expiresOn: on } })
      .when(expire(on))
      .thenNothing();
  });
  it('never while something is open', () => {
    const last = '2026-03-01T09:00:00.000Z';
    given(oneIdDecider, ...past.enrolled, at(last, past.opened(2, 'visit')), warned(sixtyDaysBefore))
      .when(expire(on))
      .thenNothing();
  });
  it('under a legal hold, too: only the destruction waits', () => {
    given(oneIdDecider, ...twice, { type: 'LegalHoldPlaced', clear: { hold: 'hold-1' } })
      .when(expire(on))
      .then({ type: 'OneIdExpired', clear: { expiresOn: on } });
  });
});

describe('a member is warned', () => {
  it('sixty days and seven days before, each once', () => {
    const event: OneIdEvent = { type: 'ExpiryWarned', clear: { expiresOn: on } };
    given(oneIdDecider, ...past.enrolled)
      .when(warn('2028-01-01T08:59:59.999Z'))
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when(warn(sixtyDaysBefore))
      .then(event);
    given(oneIdDecider, ...past.enrolled, warned(sixtyDaysBefore))
      .when(warn('2028-02-01T09:00:00.000Z'))
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, warned(sixtyDaysBefore))
      .when(warn(sevenDaysBefore))
      .then(event);
    given(oneIdDecider, ...twice)
      .when(warn('2028-02-27T09:00:00.000Z'))
      .thenNothing();
  });
  it('and a device interaction makes the warning void', () => {
    const used = at('2028-02-25T09:00:00.000Z', past.opened(2, 'check'));
    given(oneIdDecider, ...twice, used, at('2028-02-25T09:00:00.000Z', past.closed(2)))
      .when(expire(on))
      .thenNothing();
    expect(ended(given(oneIdDecider, ...twice, used).state)).toBe('2030-02-25T09:00:00.000Z');
  });
  it('a week before at least, however late: nobody expires untold', () => {
    const late = '2028-06-01T09:00:00.000Z';
    const aWeekLater = '2028-06-08T09:00:00.000Z';
    given(oneIdDecider, ...past.enrolled)
      .when(expire(late))
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when(warn(late))
      .then({ type: 'ExpiryWarned', clear: { expiresOn: aWeekLater } });
    const told = given(oneIdDecider, ...past.enrolled, warned(late, aWeekLater));
    told.when(expire('2028-06-08T08:59:59.999Z')).thenNothing();
    told.when(warn('2028-06-02T09:00:00.000Z')).thenNothing();
    told.when(expire(aWeekLater)).then({ type: 'OneIdExpired', clear: { expiresOn: aWeekLater } });
  });
});

describe('what the scheduler is told', () => {
  it('is the next moment at which the stream may say something', () => {
    const { state: fresh } = given(oneIdDecider, ...past.enrolled);
    expect(expiryLookedAtOn(fresh)).toBe(sixtyDaysBefore);
    expect(expiryStep(fresh, sixtyDaysBefore)).toBe('warn');
    const { state: once } = given(oneIdDecider, ...past.enrolled, warned(sixtyDaysBefore));
    expect(expiryLookedAtOn(once)).toBe(sevenDaysBefore);
    expect(expiryStep(once, sevenDaysBefore)).toBe('warn');
    const { state: both } = given(oneIdDecider, ...twice);
    expect(expiryLookedAtOn(both)).toBe(on);
    expect(expiryStep(both, on)).toBe('expire');
    expect(expiryLookedAtOn(given(oneIdDecider, ...past.started).state)).toBeUndefined();
  });
});

describe('an expired One ID', () => {
  const expired: OneIdEvent = { type: 'OneIdExpired', clear: { expiresOn: on } };
  const request = { type: 'RequestErasure', at: on, reason: 'unused', sealed: past.erasure } as const;
  it('is erased as unused, and no other is', () => {
    given(oneIdDecider, ...twice, expired)
      .when(request)
      .then({ type: 'ErasureRequested', clear: { reason: 'unused' }, sealed: past.erasure });
    given(oneIdDecider, ...twice)
      .when(request)
      .thenRefused('erasure-reason');
  });
  it('whose erasure is withdrawn begins two years anew', () => {
    const back = '2028-03-05T00:00:00.000Z';
    const { state } = given(
      oneIdDecider,
      ...twice,
      expired,
      { type: 'ErasureRequested', clear: { reason: 'unused' } },
      at<OneIdEvent>(back, { type: 'ErasureWithdrawn', clear: { reason: 'member' } }),
    );
    expect(state.status).toBe('active');
    expect(ended(state)).toBe('2030-03-05T00:00:00.000Z');
  });
});

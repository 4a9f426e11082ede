import { describe, it } from '@jest/globals';
import { at, given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import type { OneIdCommand } from './commands.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';

const start: OneIdCommand = {
  type: 'StartEnrolment',
  at: past.nine,
  enrolBy: past.nextDayNine,
  ticketHash: 'enrolment-hash',
  streams: ['claim-1'],
  sealed: { device: 'device-1', site: 'site-1', merchant: 'merchant-1' },
};
const consent: OneIdCommand = {
  type: 'GiveConsent',
  at: past.ten,
  version: '1',
  sealed: { language: 'en', device: 'device-1' },
};
const complete: OneIdCommand = {
  type: 'CompleteEnrolment',
  at: past.ten,
  sealed: { durationMs: 40_000, device: 'device-1' },
};
const withdraw: OneIdCommand = {
  type: 'WithdrawConsent',
  at: past.ten,
  sealed: { language: 'en' },
  erasure: past.erasure,
};
const without = (...types: string[]): OneIdEvent[] =>
  past.readyToComplete.filter((event) => !types.includes(event.type));

describe('an enrolment', () => {
  it('starts as transaction 1, which settles when it lapses', () => {
    given(oneIdDecider)
      .when(start)
      .then(...past.started);
  });
  it('started twice by the same request is one', () => {
    given(oneIdDecider, ...past.started)
      .when(start)
      .thenNothing();
  });
  it('is refused where another has started', () => {
    given(oneIdDecider, ...past.started)
      .when({ ...start, ticketHash: 'another' })
      .thenRefused('one-id-exists');
  });
  it('is open for 24 hours at most', () => {
    given(oneIdDecider)
      .when({ ...start, enrolBy: '2026-03-02T09:00:00.001Z' })
      .thenRefused('enrol-by-out-of-range');
    given(oneIdDecider)
      .when({ ...start, enrolBy: past.nine })
      .thenRefused('enrol-by-out-of-range');
    given(oneIdDecider)
      .when({ ...start, enrolBy: 'tomorrow' })
      .thenRefused('enrol-by-out-of-range');
  });
  it('takes consent, and the same text once', () => {
    given(oneIdDecider, ...past.started)
      .when(consent)
      .then(past.consent);
    given(oneIdDecider, ...past.started, past.consent)
      .when(consent)
      .thenNothing();
    given(oneIdDecider, ...past.started, past.consent)
      .when({ ...consent, version: '2' })
      .then({ type: 'ConsentGiven', clear: { version: '2' } });
  });
  it('completes with consent, a usable palm, a card and a verified phone, and closes its transaction', () => {
    given(oneIdDecider, ...past.readyToComplete)
      .when(complete)
      .then(...past.completed);
  });
  it.each(['ConsentGiven', 'PalmMatchable', 'CardAdded', 'PhoneVerified'])('does not complete without %s', (type) => {
    given(oneIdDecider, ...without(type))
      .when(complete)
      .thenRefused('enrolment-incomplete');
  });
  it('does not complete with a palm of somebody else', () => {
    given(oneIdDecider, ...without('PalmMatchable'), past.duplicate('left-1'))
      .when(complete)
      .thenRefused('enrolment-incomplete');
  });
  it('completed twice is completed once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(complete)
      .thenNothing();
  });
  it('takes nothing more once its day has passed', () => {
    given(oneIdDecider, ...past.readyToComplete)
      .when({ ...complete, at: past.nextDayNine })
      .thenRefused('enrolment-lapsed');
    given(oneIdDecider, ...past.started)
      .when({ ...consent, at: past.nextDayNine })
      .thenRefused('enrolment-lapsed');
  });
  it('is not closed like another transaction', () => {
    given(oneIdDecider, ...past.started)
      .when({ type: 'CloseTransaction', at: past.ten, number: 1, outcome: 'completed' })
      .thenRefused('enrolment-open');
  });
});

describe('a lapsed enrolment', () => {
  const lapse: OneIdCommand = {
    type: 'RequestErasure',
    at: past.nextDayNine,
    reason: 'lapsed',
    sealed: past.erasure,
  };
  it('is erased, and its transaction abandoned', () => {
    given(oneIdDecider, ...past.readyToComplete)
      .when(lapse)
      .then(
        { type: 'ErasureRequested', clear: { reason: 'lapsed' }, sealed: past.erasure },
        past.closed(1, 'abandoned'),
      );
  });
  it('is not erased before its day has passed, nor once it is completed', () => {
    given(oneIdDecider, ...past.started)
      .when({ ...lapse, at: past.ten })
      .thenRefused('erasure-reason');
    given(oneIdDecider, ...past.enrolled)
      .when(lapse)
      .thenRefused('erasure-reason');
  });
  it('ends at once where the palm is another’s', () => {
    given(oneIdDecider, ...without('PalmMatchable'), past.duplicate('left-1'))
      .when({ ...lapse, at: past.ten })
      .then({ type: 'ErasureRequested', clear: { reason: 'lapsed' } }, past.closed(1, 'abandoned'));
  });
  it('is not taken up again', () => {
    given(
      oneIdDecider,
      ...past.started,
      { type: 'ErasureRequested', clear: { reason: 'lapsed' } },
      past.closed(1, 'abandoned'),
    )
      .when({ type: 'WithdrawErasure', at: past.nextDayNine, reason: 'member' })
      .thenRefused('enrolment-ended');
  });
});

describe('a consent that is withdrawn', () => {
  const withdrawn: OneIdEvent = { type: 'ConsentWithdrawn', clear: { version: '1' }, sealed: { language: 'en' } };
  const requested: OneIdEvent = {
    type: 'ErasureRequested',
    clear: { reason: 'consent-withdrawn' },
    sealed: past.erasure,
  };
  it('is an erasure, also while enrolling', () => {
    given(oneIdDecider, ...past.started, past.consent)
      .when(withdraw)
      .then(withdrawn, requested, past.closed(1, 'abandoned'));
  });
  it('needs the palm once enrolled', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(withdraw)
      .thenRefused('palm-needed');
    given(oneIdDecider, ...past.enrolled, at(past.ten, past.opened(2, 'payment')))
      .when({ ...withdraw, transaction: 2 })
      .thenRefused('palm-needed');
    given(oneIdDecider, ...past.enrolled, at(past.ten, past.opened(2, 'manage')))
      .when({ ...withdraw, transaction: 2 })
      .then(withdrawn, requested);
  });
  it('was given first', () => {
    given(oneIdDecider, ...past.started)
      .when(withdraw)
      .thenRefused('consent-missing');
  });
  it('withdrawn twice is withdrawn once', () => {
    given(oneIdDecider, ...past.enrolled, withdrawn, requested)
      .when({ ...withdraw, transaction: 2 })
      .thenNothing();
  });
  it('opens nothing until it is given anew', () => {
    given(oneIdDecider, ...past.enrolled, withdrawn, requested, {
      type: 'ErasureWithdrawn',
      clear: { reason: 'member' },
    })
      .when(past.open())
      .thenRefused('consent-missing');
  });
});

import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { MOST_PHONES } from './phones.ts';

const at = past.ten;
const add = { type: 'AddPhone', at, phone: 'phone-2', sealed: { number: '+4100' } } as const;
const two = [...past.enrolled, past.phone('phone-2')];
const gone = (phone: string, reason: 'member' | 'verified-elsewhere'): OneIdEvent => ({
  type: 'PhoneRemoved',
  clear: { phone, reason },
});

describe('phones', () => {
  it('are added without being verified, once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(add)
      .then(past.phone('phone-2'));
    given(oneIdDecider, ...two)
      .when(add)
      .thenNothing();
  });
  it('are five at most', () => {
    const more = Array.from({ length: MOST_PHONES - 1 }, (_, index) => past.phone(`more-${index}`));
    given(oneIdDecider, ...past.enrolled, ...more)
      .when(add)
      .thenRefused('too-many-phones');
  });
  it('are verified once', () => {
    given(oneIdDecider, ...two)
      .when({ type: 'VerifyPhone', at, phone: 'phone-2' })
      .then(past.verified('phone-2'));
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'VerifyPhone', at, phone: 'phone-1' })
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when({ type: 'VerifyPhone', at, phone: 'none' })
      .thenRefused('phone-unknown');
  });
  it('that were never verified go by the member’s word', () => {
    given(oneIdDecider, ...two)
      .when({ type: 'RemovePhone', at, phone: 'phone-2', reason: 'member' })
      .then(gone('phone-2', 'member'));
  });
  it('that were verified need the palm or 72 hours', () => {
    given(oneIdDecider, ...two, past.verified('phone-2'))
      .when({ type: 'RemovePhone', at, phone: 'phone-2', reason: 'member' })
      .thenRefused('change-needed');
  });
  it('belong to who verified the number last, even the last one, even while leaving', () => {
    const elsewhere = { type: 'RemovePhone', at, phone: 'phone-1', reason: 'verified-elsewhere' } as const;
    given(oneIdDecider, ...past.enrolled)
      .when(elsewhere)
      .then(gone('phone-1', 'verified-elsewhere'));
    given(oneIdDecider, ...past.enrolled, { type: 'ErasureRequested', clear: { reason: 'admin' } })
      .when(elsewhere)
      .then(gone('phone-1', 'verified-elsewhere'));
    given(oneIdDecider, ...past.enrolled, gone('phone-1', 'verified-elsewhere'))
      .when(elsewhere)
      .thenNothing();
  });
});

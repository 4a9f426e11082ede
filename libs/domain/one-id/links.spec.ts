import { describe, it } from '@jest/globals';
import { given } from '#libs/testing/given.ts';
import * as past from '#libs/testing/one-id-past.ts';
import { oneIdDecider } from './decider.ts';
import type { OneIdEvent } from './events.ts';
import { MOST_CREDENTIALS } from './links.ts';

const at = past.ten;
const linked: OneIdEvent = { type: 'AccountLinked', clear: { link: 'link-1' }, sealed: { account: 'a' } };
const unlinked: OneIdEvent = { type: 'AccountUnlinked', clear: { link: 'link-1' } };
const granted = (credential: string): OneIdEvent => ({
  type: 'CredentialGranted',
  clear: { credential, kind: 'badge' },
  sealed: { thirdParty: 't', reference: 'r', facts: {} },
});
const revoked: OneIdEvent = { type: 'CredentialRevoked', clear: { credential: 'badge-1', kind: 'badge' } };
const grant = {
  type: 'GrantCredential',
  at,
  credential: 'badge-1',
  kind: 'badge',
  sealed: { thirdParty: 't', reference: 'r', facts: {} },
} as const;

describe('the linked account', () => {
  const link = { type: 'LinkAccount', at, link: 'link-1', sealed: { account: 'a' } } as const;
  it('is one at a time', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(link)
      .then(linked);
    given(oneIdDecider, ...past.enrolled, linked)
      .when(link)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled, linked)
      .when({ ...link, link: 'link-2' })
      .thenRefused('account-linked');
  });
  it('is unlinked once, and another can follow', () => {
    given(oneIdDecider, ...past.enrolled, linked)
      .when({ type: 'UnlinkAccount', at, link: 'link-1' })
      .then(unlinked);
    const free = given(oneIdDecider, ...past.enrolled, linked, unlinked);
    free.when({ type: 'UnlinkAccount', at, link: 'link-1' }).thenNothing();
    free.when({ ...link, link: 'link-2' }).then({ type: 'AccountLinked', clear: { link: 'link-2' } });
  });
});

describe('credentials', () => {
  it('are granted once', () => {
    given(oneIdDecider, ...past.enrolled)
      .when(grant)
      .then(granted('badge-1'));
    given(oneIdDecider, ...past.enrolled, granted('badge-1'))
      .when(grant)
      .thenNothing();
  });
  it('are revoked once', () => {
    const revoke = { type: 'RevokeCredential', at, credential: 'badge-1' } as const;
    given(oneIdDecider, ...past.enrolled, granted('badge-1'))
      .when(revoke)
      .then(revoked);
    given(oneIdDecider, ...past.enrolled, granted('badge-1'), revoked)
      .when(revoke)
      .thenNothing();
    given(oneIdDecider, ...past.enrolled)
      .when(revoke)
      .thenRefused('credential-unknown');
  });
  it('are fifty at most', () => {
    const many = Array.from({ length: MOST_CREDENTIALS }, (_, index) => granted(`other-${index}`));
    given(oneIdDecider, ...past.enrolled, ...many)
      .when(grant)
      .thenRefused('too-many-credentials');
  });
});

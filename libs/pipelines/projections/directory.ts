import type { CheckRow, PrincipalRow, SubscriberRow } from '#libs/views/rows.ts';
import type { Projection } from './projection.ts';

/** Messages of the ledger's own (directory/mappings.ts): made in this process, in this version. */
function parsed<T>(value: Uint8Array): T {
  return JSON.parse(Buffer.from(value).toString('utf8')) as T;
}

export const principalProjection: Projection = {
  changes: ['state'],
  project: ({ key: principal, time: changedAt, sequence }, value) => {
    const { roles, removed } = parsed<Pick<PrincipalRow, 'roles' | 'removed'>>(value);
    return [{ put: 'principal', row: { principal, roles, removed, changedAt, sequence } }];
  },
};

export const subscriberProjection: Projection = {
  changes: ['state'],
  project: ({ key: subscriber, time: changedAt, sequence }, value) => {
    const state = parsed<Omit<SubscriberRow, 'subscriber' | 'changedAt' | 'sequence'>>(value);
    return [{ put: 'subscriber', row: { ...state, subscriber, changedAt, sequence } }];
  },
};

export const checkProjection: Projection = {
  changes: ['checked'],
  project: ({ key: check, id: eventId, time: at, sequence }, value) => {
    const { member, ...rest } = parsed<Omit<CheckRow, 'check' | 'at' | 'sequence' | 'member'> & { member?: string }>(
      value,
    );
    const sealed = member === undefined ? {} : { member: { eventId, ciphertext: Buffer.from(member, 'base64') } };
    return [{ put: 'check', row: { ...rest, check, at, sequence, ...sealed } }];
  },
};

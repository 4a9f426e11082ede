import { create, toBinary } from '@bufbuild/protobuf';
import type { Folded } from '#libs/domain/event.ts';
import type { OneIdEvent } from '#libs/domain/one-id/events.ts';
import { OneIdChange, OneIdChangedSchema } from '../generated/palmledger/topics/v1/one_id_changed_pb.js';
import { oneIdFold, type PublicOneId } from './one-id-fold.ts';
import { credentialKinds } from './one-ids.ts';
import { timestamp } from './timestamp.ts';
import type { TopicMapping } from './topic-mapping.ts';

type Named = readonly [name: string, change: OneIdChange];
const changes: Readonly<Partial<Record<OneIdEvent['type'], Named>>> = {
  EnrolmentCompleted: ['registered', OneIdChange.REGISTERED],
  PalmEnrolled: ['palms-changed', OneIdChange.PALMS_CHANGED],
  PalmDuplicateFound: ['palms-changed', OneIdChange.PALMS_CHANGED],
  PalmRemoved: ['palms-changed', OneIdChange.PALMS_CHANGED],
  CardAdded: ['cards-changed', OneIdChange.CARDS_CHANGED],
  CardMadeDefault: ['cards-changed', OneIdChange.CARDS_CHANGED],
  CardRemoved: ['cards-changed', OneIdChange.CARDS_CHANGED],
  PhoneAdded: ['phones-changed', OneIdChange.PHONES_CHANGED],
  PhoneVerified: ['phones-changed', OneIdChange.PHONES_CHANGED],
  PhoneRemoved: ['phones-changed', OneIdChange.PHONES_CHANGED],
  AccountLinked: ['link-changed', OneIdChange.LINK_CHANGED],
  AccountUnlinked: ['link-changed', OneIdChange.LINK_CHANGED],
  CredentialGranted: ['credential-granted', OneIdChange.CREDENTIAL_GRANTED],
  CredentialRevoked: ['credential-revoked', OneIdChange.CREDENTIAL_REVOKED],
  Paused: ['paused', OneIdChange.PAUSED],
  Suspended: ['suspended', OneIdChange.SUSPENDED],
  Unpaused: ['resumed', OneIdChange.RESUMED],
  Resumed: ['resumed', OneIdChange.RESUMED],
  ErasureWithdrawn: ['resumed', OneIdChange.RESUMED],
  ExpiryWarned: ['expiry-warned', OneIdChange.EXPIRY_WARNED],
  OneIdExpired: ['expired', OneIdChange.EXPIRED],
  ErasureRequested: ['erasure-requested', OneIdChange.ERASURE_REQUESTED],
  OneIdErased: ['erased', OneIdChange.ERASED],
};

/** What happened, for who reacts to it; nothing before the enrolment is complete. */
export const oneIdChanges: TopicMapping<PublicOneId> = {
  topic: 'one-id-changes',
  fold: oneIdFold,
  message: ({ key, after, event: any }) => {
    const event = any as unknown as Folded<OneIdEvent>;
    const named = changes[event.type];
    if (named === undefined || after.registeredAt === null) return undefined;
    const [change, value] = named;
    const message = create(OneIdChangedSchema, {
      oneId: key,
      change: value,
      time: timestamp(event.at),
      ...detailsOf(event),
    });
    return { change, value: toBinary(OneIdChangedSchema, message) };
  },
};

function detailsOf(event: Folded<OneIdEvent>) {
  switch (event.type) {
    case 'CredentialGranted':
    case 'CredentialRevoked': {
      const { credential, kind } = event.clear;
      return { credential: { credential, kind: credentialKinds[kind] } };
    }
    case 'ExpiryWarned':
    case 'OneIdExpired':
      return { expiresOn: timestamp(event.clear.expiresOn) };
    default:
      return {};
  }
}

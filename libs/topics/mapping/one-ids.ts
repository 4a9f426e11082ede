import { create, toBinary } from '@bufbuild/protobuf';
import { CredentialKind, Hand, OneIdSchema } from '../generated/palmledger/topics/v1/one_id_pb.js';
import { oneIdFold, type PublicOneId } from './one-id-fold.ts';
import { timestamp } from './timestamp.ts';
import type { TopicMapping } from './topic-mapping.ts';

const hands = { left: Hand.LEFT, right: Hand.RIGHT } as const;
export const credentialKinds = {
  badge: CredentialKind.BADGE,
  loyalty: CredentialKind.LOYALTY,
  subscription: CredentialKind.SUBSCRIPTION,
  age: CredentialKind.AGE,
} as const;

/** The whole state, whenever something of it has changed; nothing before the enrolment is complete. */
export const oneIds: TopicMapping<PublicOneId> = {
  topic: 'one-ids',
  fold: oneIdFold,
  removed: { change: 'erased', value: null },
  message: ({ key, before, after, event }) => {
    if (after.registeredAt === null) return undefined;
    if (event.type === 'OneIdErased') return { change: 'erased', value: null };
    return before === after ? undefined : { change: 'state', value: encoded(key, after) };
  },
};

function encoded(oneId: string, state: PublicOneId): Uint8Array {
  const { registeredAt, expiresOn } = state;
  const message = create(OneIdSchema, {
    oneId,
    ...(registeredAt === null ? {} : { registeredAt: timestamp(registeredAt) }),
    palms: state.palms.map(({ palm, hand }) => ({ palm, hand: hands[hand] })),
    cards: [...state.cards],
    defaultCard: state.defaultCard,
    phones: state.phones.map(({ phone, verified }) => ({ phone, verified })),
    link: state.link,
    credentials: state.credentials.map(({ credential, kind }) => ({ credential, kind: credentialKinds[kind] })),
    paused: state.paused,
    suspended: state.suspended,
    ...(expiresOn === null ? {} : { expiresOn: timestamp(expiresOn) }),
  });
  return toBinary(OneIdSchema, message);
}

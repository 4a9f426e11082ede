import { sectionsOf } from '#libs/event-codec/codec.ts';
import { evolve as evolvePrincipal } from '#libs/domain/principal/evolve.ts';
import { noPrincipal, type PrincipalState } from '#libs/domain/principal/state.ts';
import { subscriberDecider } from '#libs/domain/subscriber/decider.ts';
import type { SubscriberState } from '#libs/domain/subscriber/state.ts';
import { anyMapping, type AnyMapping } from '#libs/topics/mapping/all.ts';
import { foldBy } from '#libs/topics/mapping/fold.ts';
import type { Made, TopicMapping } from '#libs/topics/mapping/topic-mapping.ts';

/**
 * What is looked up but nobody's topic (principals, subscribers, checks) comes from the ledger itself, by the same kind of
 * mapping. These messages never leave the process; their values are JSON.
 */
const state = (value: object): Made => ({ change: 'state', value: Buffer.from(JSON.stringify(value)) });

const principals: TopicMapping<PrincipalState> = {
  topic: 'principals',
  fold: {
    kind: 'principal',
    types: ['PrincipalInvited', 'RoleGranted', 'RoleRevoked', 'PrincipalRemoved'],
    initialState: noPrincipal,
    evolve: foldBy(evolvePrincipal),
  },
  message: ({ before, after }) => {
    if (before === after || after.phase === 'none') return undefined;
    return state({ roles: after.phase === 'present' ? after.grants : [], removed: after.phase === 'removed' });
  },
};

const subscribers: TopicMapping<SubscriberState> = {
  topic: 'subscribers',
  fold: {
    kind: 'subscriber',
    types: ['SubscriberRegistered', 'SubscriptionChanged', 'SubscriberRetired'],
    initialState: subscriberDecider.initialState,
    evolve: foldBy(subscriberDecider.evolve),
  },
  message: ({ before, after }) => {
    if (before === after || after.phase === 'none') return undefined;
    const { name, merchant, topics, acknowledgesErasures, phase } = after;
    return state({ name, merchant, topics, acknowledgesErasures, retired: phase === 'retired' });
  },
};

const checks: TopicMapping<null> = {
  topic: 'checks',
  fold: { kind: 'check', types: ['CredentialChecked'], initialState: null, evolve: () => null },
  message: ({ event, record }) => {
    const ciphertext = sectionsOf(record).data;
    const member = ciphertext === undefined ? undefined : Buffer.from(ciphertext).toString('base64');
    return { change: 'checked', value: Buffer.from(JSON.stringify({ ...event.clear, member })) };
  },
};

export const directoryMappings: readonly AnyMapping[] = [
  anyMapping(principals),
  anyMapping(subscribers),
  anyMapping(checks),
];

import { create, toBinary } from '@bufbuild/protobuf';
import type { ErasureEvent } from '#libs/domain/erasure/events.ts';
import type { Folded } from '#libs/domain/event.ts';
import type { ErasureReason as Reason } from '#libs/domain/one-id/events.ts';
import { ErasureChange, ErasureReason, ErasureSchema } from '../generated/palmledger/topics/v1/erasure_pb.js';
import { foldBy, type StreamFold } from './fold.ts';
import { timestamp } from './timestamp.ts';
import type { TopicMapping } from './topic-mapping.ts';

type Named = readonly [name: string, change: ErasureChange];
const changes: Readonly<Partial<Record<ErasureEvent['type'], Named>>> = {
  ErasureStarted: ['started', ErasureChange.STARTED],
  ErasureApproved: ['approved', ErasureChange.APPROVED],
  ErasureRefused: ['withdrawn', ErasureChange.WITHDRAWN],
  Withdrawn: ['withdrawn', ErasureChange.WITHDRAWN],
  Held: ['held', ErasureChange.HELD],
  Released: ['released', ErasureChange.RELEASED],
  TombstonesPublished: ['acknowledgement-wanted', ErasureChange.ACKNOWLEDGEMENT_WANTED],
  ErasureCertified: ['certified', ErasureChange.CERTIFIED],
};
const reasons: Readonly<Record<Reason, ErasureReason>> = {
  member: ErasureReason.MEMBER,
  admin: ErasureReason.ADMIN,
  unused: ErasureReason.UNUSED,
  lapsed: ErasureReason.LAPSED,
  'consent-withdrawn': ErasureReason.CONSENT_WITHDRAWN,
  'service-closed': ErasureReason.SERVICE_CLOSED,
};

interface Begun {
  readonly reason: Reason;
  readonly startedAt: string;
  readonly dueBy: string;
  readonly withdrawableUntil: string;
  readonly needsApproval: boolean;
  readonly wanted: { readonly subscribers: readonly string[]; readonly acknowledgeBy: string } | null;
}
type State = Begun | null;

function evolve(state: State, event: Folded<ErasureEvent>): State {
  if (event.type === 'ErasureStarted') {
    const { reason, dueBy, withdrawableUntil, needsApproval } = event.clear;
    return { reason, dueBy, withdrawableUntil, needsApproval, startedAt: event.at, wanted: null };
  }
  if (state === null || event.type !== 'TombstonesPublished') return state;
  const { subscribers, acknowledgeBy } = event.clear;
  return { ...state, wanted: { subscribers, acknowledgeBy } };
}

const fold: StreamFold<State> = {
  kind: 'erasure',
  types: Object.keys(changes),
  initialState: null,
  evolve: foldBy(evolve),
};

/** How an erasure goes on, without a word of whose it is: no commitment, no certificate, no admin's name. */
export const erasures: TopicMapping<State> = {
  topic: 'erasures',
  fold,
  message: ({ key, after, event }) => {
    const named = changes[event.type as ErasureEvent['type']];
    if (named === undefined || after === null) return undefined;
    const [change, value] = named;
    const { wanted } = after;
    const message = create(ErasureSchema, {
      erasure: key,
      change: value,
      time: timestamp(event.at),
      reason: reasons[after.reason],
      startedAt: timestamp(after.startedAt),
      dueBy: timestamp(after.dueBy),
      withdrawableUntil: timestamp(after.withdrawableUntil),
      needsApproval: after.needsApproval,
      ...(wanted === null
        ? {}
        : { subscribers: [...wanted.subscribers], acknowledgeBy: timestamp(wanted.acknowledgeBy) }),
    });
    return { change, value: toBinary(ErasureSchema, message) };
  },
};

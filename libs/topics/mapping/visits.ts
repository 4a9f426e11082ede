import { create, toBinary } from '@bufbuild/protobuf';
import type { Folded } from '#libs/domain/event.ts';
import type { VisitEvent } from '#libs/domain/visit/events.ts';
import { evolve } from '#libs/domain/visit/evolve.ts';
import { noVisit, totalOf, type VisitPlace, type VisitState } from '#libs/domain/visit/state.ts';
import { VisitChange, VisitSchema } from '../generated/palmledger/topics/v1/visit_pb.js';
import { foldBy, type StreamFold } from './fold.ts';
import { sealedMember } from './sealed-member.ts';
import { timestamp } from './timestamp.ts';
import type { Step, TopicMapping } from './topic-mapping.ts';

const fold: StreamFold<VisitState> = {
  kind: 'visit',
  whole: true,
  types: ['VisitStarted', 'ItemTaken', 'ItemPutBack', 'VisitEnded', 'VisitCharged', 'VisitAbandoned'],
  initialState: noVisit,
  evolve: foldBy(evolve),
};

const changes: Readonly<Record<VisitEvent['type'], readonly [string, VisitChange]>> = {
  VisitStarted: ['started', VisitChange.STARTED],
  ItemTaken: ['item-taken', VisitChange.ITEM_TAKEN],
  ItemPutBack: ['item-put-back', VisitChange.ITEM_PUT_BACK],
  VisitEnded: ['ended', VisitChange.ENDED],
  VisitCharged: ['charged', VisitChange.CHARGED],
  VisitAbandoned: ['abandoned', VisitChange.ABANDONED],
};

export const visits: TopicMapping<VisitState> = {
  topic: 'visits',
  fold,
  message: (step) => {
    const { before, after } = step;
    // A visit that was abandoned before it started was nowhere.
    if (before === after || after.phase === 'none' || after.place === undefined) return undefined;
    const [change, value] = changes[step.event.type as VisitEvent['type']];
    return { change, value: encoded(step, after.place, value) };
  },
};

function encoded(step: Step<VisitState>, place: VisitPlace, change: VisitChange): Uint8Array {
  const { key, after, record } = step;
  const event = step.event as unknown as Folded<VisitEvent>;
  const { merchant, site, gate, currency } = place;
  const total = after.phase === 'ended' || after.phase === 'charged' ? after.total : totalOf(after);
  const message = create(VisitSchema, {
    visit: key,
    change,
    time: timestamp(event.at),
    merchant,
    site,
    gate,
    currency,
    startedAt: timestamp(place.startedAt),
    total: BigInt(total),
    ...itemOf(event),
    ...(event.type === 'VisitStarted' ? sealedMember(record) : {}),
  });
  return toBinary(VisitSchema, message);
}

function itemOf(event: Folded<VisitEvent>) {
  if (event.type !== 'ItemTaken' && event.type !== 'ItemPutBack') return {};
  const { line, article, quantity, unitPrice } = event.clear;
  return { item: { line, article, quantity: BigInt(quantity), unitPrice: BigInt(unitPrice) } };
}

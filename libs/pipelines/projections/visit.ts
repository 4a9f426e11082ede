import { fromBinary } from '@bufbuild/protobuf';
import { VisitChange, VisitSchema, type Visit } from '#libs/topics/messages.ts';
import type { Change, VisitStatus } from '#libs/views/rows.ts';
import { memberOf } from './member.ts';
import { amount, moment } from './moment.ts';
import type { Projection } from './projection.ts';
import { named, required, Unreadable } from './unreadable.ts';

const statuses: Readonly<Partial<Record<number, VisitStatus>>> = {
  [VisitChange.STARTED]: 'started',
  [VisitChange.ITEM_TAKEN]: 'started',
  [VisitChange.ITEM_PUT_BACK]: 'started',
  [VisitChange.ENDED]: 'ended',
  [VisitChange.CHARGED]: 'charged',
  [VisitChange.ABANDONED]: 'abandoned',
};

export const visitProjection: Projection = {
  changes: ['started', 'item-taken', 'item-put-back', 'ended', 'charged', 'abandoned'],
  project: ({ sequence }, value) => {
    const visit = fromBinary(VisitSchema, value);
    const { merchant, site, gate, currency } = visit;
    const row = {
      visit: required(visit.visit, 'visit'),
      merchant: required(merchant, 'merchant'),
      site,
      gate,
      currency,
      status: named(statuses, visit.change, 'change'),
      total: amount(visit.total, 'total'),
      startedAt: moment(visit.startedAt, 'start'),
      changedAt: moment(visit.time, 'time'),
      sequence,
      ...memberOf(visit.member),
    };
    return [{ put: 'visit', row }, ...itemOf(visit, sequence)];
  },
};

function itemOf(visit: Visit, sequence: bigint): readonly Change[] {
  const { change, item, time } = visit;
  if (change !== VisitChange.ITEM_TAKEN && change !== VisitChange.ITEM_PUT_BACK) return [];
  if (item === undefined) throw new Unreadable('item is missing');
  const { line, article, unitPrice } = item;
  const moved = amount(item.quantity, 'quantity');
  const row = {
    visit: visit.visit,
    sequence,
    line,
    article,
    quantity: change === VisitChange.ITEM_TAKEN ? moved : -moved,
    unitPrice: amount(unitPrice, 'price'),
    at: moment(time, 'time'),
  };
  return [{ put: 'visit-item', row }];
}

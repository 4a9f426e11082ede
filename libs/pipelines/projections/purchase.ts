import { fromBinary } from '@bufbuild/protobuf';
import { PurchaseSchema, PurchaseStatus } from '#libs/topics/messages.ts';
import type { Change, PurchaseStatus as Status } from '#libs/views/rows.ts';
import { memberOf } from './member.ts';
import { amount, moment } from './moment.ts';
import type { Projection } from './projection.ts';
import { named, required, Unreadable } from './unreadable.ts';

const statuses: Readonly<Partial<Record<number, Status>>> = {
  [PurchaseStatus.REQUESTED]: 'requested',
  [PurchaseStatus.AUTHORISED]: 'authorised',
  [PurchaseStatus.DECLINED]: 'declined',
  [PurchaseStatus.CAPTURED]: 'captured',
  [PurchaseStatus.VOIDED]: 'voided',
  [PurchaseStatus.ABANDONED]: 'abandoned',
  [PurchaseStatus.REFUNDED]: 'refunded',
  [PurchaseStatus.DISPUTED]: 'disputed',
  [PurchaseStatus.CHARGED_BACK]: 'charged-back',
};

export const purchaseProjection: Projection = {
  changes: [
    'requested',
    'authorised',
    'declined',
    'captured',
    'voided',
    'abandoned',
    'refunded',
    'disputed',
    'charged-back',
  ],
  project: ({ sequence }, value): readonly Change[] => {
    const { payment, merchant, site, device, currency, standing, time, member } = fromBinary(PurchaseSchema, value);
    if (standing === undefined) throw new Unreadable('standing is missing');
    const row = {
      payment: required(payment, 'payment'),
      merchant: required(merchant, 'merchant'),
      site,
      device,
      currency: required(currency, 'currency'),
      status: named(statuses, standing.status, 'status'),
      amount: amount(standing.requested, 'amount'),
      captured: amount(standing.captured, 'amount'),
      refunded: amount(standing.refunded, 'amount'),
      disputed: amount(standing.disputed, 'amount'),
      chargedBack: amount(standing.chargedBack, 'amount'),
      requestedAt: moment(standing.requestedAt, 'time of the request'),
      changedAt: moment(time, 'time'),
      sequence,
      ...memberOf(member),
    };
    return [{ put: 'purchase', row }];
  },
};

import { fromBinary } from '@bufbuild/protobuf';
import { ErasureChange, ErasureReason, ErasureSchema } from '#libs/topics/messages.ts';
import type { ErasureRow } from '#libs/views/rows.ts';
import { moment } from './moment.ts';
import type { Projection } from './projection.ts';
import { named, required } from './unreadable.ts';

const statuses: Readonly<Partial<Record<number, ErasureRow['status']>>> = {
  [ErasureChange.STARTED]: 'started',
  [ErasureChange.APPROVED]: 'approved',
  [ErasureChange.WITHDRAWN]: 'withdrawn',
  [ErasureChange.HELD]: 'held',
  [ErasureChange.RELEASED]: 'released',
  [ErasureChange.ACKNOWLEDGEMENT_WANTED]: 'acknowledgement-wanted',
  [ErasureChange.CERTIFIED]: 'certified',
};
const reasons: Readonly<Partial<Record<number, ErasureRow['reason']>>> = {
  [ErasureReason.MEMBER]: 'member',
  [ErasureReason.ADMIN]: 'admin',
  [ErasureReason.UNUSED]: 'unused',
  [ErasureReason.LAPSED]: 'lapsed',
  [ErasureReason.CONSENT_WITHDRAWN]: 'consent-withdrawn',
  [ErasureReason.SERVICE_CLOSED]: 'service-closed',
};

export const erasureProjection: Projection = {
  changes: ['started', 'approved', 'withdrawn', 'held', 'released', 'acknowledgement-wanted', 'certified'],
  project: ({ sequence }, value) => {
    const message = fromBinary(ErasureSchema, value);
    const status = named(statuses, message.change, 'change');
    const { acknowledgeBy } = message;
    const row: ErasureRow = {
      erasure: required(message.erasure, 'erasure'),
      reason: named(reasons, message.reason, 'reason'),
      status,
      over: status === 'withdrawn' || status === 'certified',
      needsApproval: message.needsApproval,
      startedAt: moment(message.startedAt, 'start'),
      dueBy: moment(message.dueBy, 'due date'),
      withdrawableUntil: moment(message.withdrawableUntil, 'time to withdraw'),
      subscribers: [...message.subscribers],
      ...(acknowledgeBy === undefined ? {} : { acknowledgeBy: moment(acknowledgeBy, 'last day') }),
      changedAt: moment(message.time, 'time'),
      sequence,
    };
    return [{ put: 'erasure', row }];
  },
};

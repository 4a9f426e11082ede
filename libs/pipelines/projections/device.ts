import { fromBinary } from '@bufbuild/protobuf';
import { DeviceKind, DeviceSchema, DeviceStatus } from '#libs/topics/messages.ts';
import type { DeviceRow } from '#libs/views/rows.ts';
import { moment } from './moment.ts';
import type { Projection } from './projection.ts';
import { named, required } from './unreadable.ts';

const kinds: Readonly<Partial<Record<number, DeviceRow['kind']>>> = {
  [DeviceKind.TILL]: 'till',
  [DeviceKind.GATE]: 'gate',
  [DeviceKind.DOOR]: 'door',
  [DeviceKind.READER]: 'reader',
};
const statuses: Readonly<Partial<Record<number, DeviceRow['status']>>> = {
  [DeviceStatus.REGISTERED]: 'registered',
  [DeviceStatus.ACTIVE]: 'active',
  [DeviceStatus.SUSPECTED]: 'suspected',
  [DeviceStatus.REVOKED]: 'revoked',
};

export const deviceProjection: Projection = {
  changes: ['state'],
  project: ({ sequence }, value) => {
    const { device, merchant, site, kind, name, nearInfrared, status, changedAt } = fromBinary(DeviceSchema, value);
    const row: DeviceRow = {
      device: required(device, 'device'),
      merchant: required(merchant, 'merchant'),
      site,
      kind: named(kinds, kind, 'kind'),
      name,
      nearInfrared,
      status: named(statuses, status, 'status'),
      changedAt: moment(changedAt, 'time'),
      sequence,
    };
    return [{ put: 'device', row }];
  },
};

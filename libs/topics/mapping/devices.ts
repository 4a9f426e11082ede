import { create, toBinary } from '@bufbuild/protobuf';
import { evolve } from '#libs/domain/device/evolve.ts';
import { keyInForce, noDevice, type DeviceState } from '#libs/domain/device/state.ts';
import { DeviceKind, DeviceSchema, DeviceStatus } from '../generated/palmledger/topics/v1/device_pb.js';
import { foldBy } from './fold.ts';
import { timestamp } from './timestamp.ts';
import type { TopicMapping } from './topic-mapping.ts';

const kinds = {
  till: DeviceKind.TILL,
  gate: DeviceKind.GATE,
  door: DeviceKind.DOOR,
  reader: DeviceKind.READER,
} as const;
const statuses = {
  registered: DeviceStatus.REGISTERED,
  active: DeviceStatus.ACTIVE,
  suspected: DeviceStatus.SUSPECTED,
  revoked: DeviceStatus.REVOKED,
} as const;

/** The whole state; activation codes are nobody's business, hashed or not. */
export const devices: TopicMapping<DeviceState> = {
  topic: 'devices',
  fold: {
    kind: 'device',
    whole: true,
    types: ['DeviceRegistered', 'DeviceActivated', 'DeviceKeyRotated', 'DeviceSuspected', 'DeviceRevoked'],
    initialState: noDevice,
    evolve: foldBy(evolve),
  },
  message: ({ key, before, after, event }) => {
    if (before === after || after.phase === 'none') return undefined;
    const { merchant, site, kind, name, nearInfrared } = after.place;
    const message = create(DeviceSchema, {
      device: key,
      merchant,
      site,
      kind: kinds[kind],
      name,
      nearInfrared,
      status: statuses[after.phase],
      changedAt: timestamp(event.at),
      publicKey: keyInForce(after) ?? '',
    });
    return { change: 'state', value: toBinary(DeviceSchema, message) };
  },
};

import type { Folded } from '../event.ts';
import { never } from '../refused.ts';
import type { DeviceEvent } from './events.ts';
import type { DeviceState } from './state.ts';

/** DeviceRegistered again is a new activation code: until it is used, the device may not speak. */
export function evolve(state: DeviceState, event: Folded<DeviceEvent>): DeviceState {
  if (event.type === 'DeviceRegistered') {
    if (state.phase === 'revoked') return state;
    const { activationHash, activateBy, ...place } = event.clear;
    const keys = state.phase === 'none' ? [] : state.keys;
    return { phase: 'registered', place, keys, activationHash, activateBy };
  }
  if (state.phase === 'none' || state.phase === 'revoked') return state;
  const { place, keys, activationHash, activateBy } = state;
  const known = { place, keys, activationHash, activateBy };
  switch (event.type) {
    case 'DeviceActivated':
    case 'DeviceKeyRotated': {
      const { publicKey } = event.clear;
      return { ...known, phase: 'active', publicKey, keys: [...keys, publicKey] };
    }
    case 'DeviceSuspected':
      return { ...known, phase: 'suspected', reason: event.clear.reason };
    case 'DeviceRevoked':
      return { ...known, phase: 'revoked', reason: event.clear.reason };
    default:
      return never(event);
  }
}

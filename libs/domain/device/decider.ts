import type { Decider } from '../decider.ts';
import { never, Refused } from '../refused.ts';
import { activateDevice, issueActivationCode, registerDevice } from './activation.ts';
import type { DeviceCommand, RevokeDevice, RotateDeviceKey, SuspectDevice } from './commands.ts';
import type { DeviceEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { requireActive, requireKnown, requireNewKey } from './refusals.ts';
import { noDevice } from './state.ts';
import type { DeviceState } from './state.ts';

/** registered -> active -> suspected; a new activation code leads back to active; revoked is final. */
export const deviceDecider: Decider<DeviceState, DeviceCommand, DeviceEvent> = {
  initialState: noDevice,
  evolve,
  decide,
};

/** Keeps a device's stream short enough to load at each request. */
export const maxKeys = 1_000;

function decide(command: DeviceCommand, state: DeviceState): readonly DeviceEvent[] {
  switch (command.type) {
    case 'RegisterDevice':
      return registerDevice(command, state);
    case 'IssueActivationCode':
      return issueActivationCode(command, state);
    case 'ActivateDevice':
      return activateDevice(command, state);
    case 'RotateDeviceKey':
      return rotateKey(command, state);
    case 'SuspectDevice':
      return suspectDevice(command, state);
    case 'RevokeDevice':
      return revokeDevice(command, state);
    default:
      return never(command);
  }
}

function rotateKey({ publicKey }: RotateDeviceKey, state: DeviceState): readonly DeviceEvent[] {
  const active = requireActive(state);
  if (active.publicKey === publicKey) return [];
  if (active.keys.length >= maxKeys)
    throw new Refused('too-many-keys', `A device has at most ${maxKeys} keys in its life.`);
  requireNewKey(publicKey, active.keys);
  return [{ type: 'DeviceKeyRotated', clear: { publicKey } }];
}

function suspectDevice({ reason }: SuspectDevice, state: DeviceState): readonly DeviceEvent[] {
  if (state.phase === 'suspected') return [];
  requireActive(state);
  return [{ type: 'DeviceSuspected', clear: { reason } }];
}

function revokeDevice({ reason }: RevokeDevice, state: DeviceState): readonly DeviceEvent[] {
  if (state.phase === 'revoked') return [];
  requireKnown(state);
  return [{ type: 'DeviceRevoked', clear: { reason } }];
}
